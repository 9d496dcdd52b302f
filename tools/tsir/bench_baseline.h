// The flags of `tsir bench` that save a result, and that compare with a saved one.
#pragma once

#include "lib/bench/across_time/saved_baseline.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

struct BaselineOptions {
  std::string save;
  std::string compare;
  bool other_conditions = false;

  void add_to(CLI::App& app);
  // To be called before the work. `taken`: the other files that are read or written. Throws Error(usage) if `save`
  // cannot be written or is one of these.
  void check(const std::vector<std::string>& taken) const;
  // Reads the baseline to compare with, if one was given. Throws Error(load).
  std::optional<SavedBaseline> read() const;
  // Saves the outcome if --save-baseline was given. An interrupted run is not saved, because it would replace a
  // complete one.
  void write(const BenchOutcome& result) const;
};

} // namespace tsir::tool
