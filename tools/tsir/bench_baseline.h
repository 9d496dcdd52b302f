// The flags of `tsir bench` that keep a result for later, and compare with one.
#pragma once

#include "lib/bench/across_time/saved_baseline.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

struct BaselineOptions {
  std::string save;
  std::string compare;
  bool other_conditions = false;

  void add_to(CLI::App& app);
  // Before the work. `taken`: what else is read and written. Throws Error(usage) where `save` cannot be written or is
  // one of these.
  void check(const std::vector<std::string>& taken) const;
  // The one to compare with, where there is one. Throws Error(load).
  std::optional<SavedBaseline> read() const;
  // Saves the outcome where that was asked for; not that of an interrupted run, which would replace a whole one.
  void write(const BenchOutcome& result) const;
};

} // namespace tsir::tool
