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
  bool any() const { return !save.empty() || !compare.empty(); }
  void apply(BenchSettings& settings) const;
};

// From the flags to the end of one bench.
class BaselineFiles {
public:
  // Before the work. `taken`: what else is read and written. Throws Error(usage) where `save` cannot be written or is
  // one of these, and Error(load) where `compare` cannot be read.
  BaselineFiles(const BaselineOptions& options, const std::string& model, const std::vector<std::string>& taken);
  // Throws Error(usage) where the saved baseline has none of these.
  void check(const std::vector<VariantSpec>& specs) const;
  // Before anything is run. Throws Error(usage) where the saved baseline was measured under other conditions.
  void check(const BenchTarget& target, const Environment& environment, bool shaken);
  // Adds the section of the report, and the lines of verdicts that fail the run.
  void compare(const BenchResult& result, BenchContext& context, bool fail_on_slower, bool strict,
               std::vector<std::string>& failing) const;
  // Nothing for an interrupted run: it would replace a whole one.
  void save(const BenchResult& result, const BenchContext& context) const;

private:
  const BaselineOptions& options_;
  std::string sha1_;
  std::optional<SavedBaseline> saved_;
  std::vector<Condition> conditions_;
  std::string different_;
};

} // namespace tsir::tool
