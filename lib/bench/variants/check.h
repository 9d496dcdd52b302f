// Before anything is timed: does every variant run, with the same results, and is it worth timing?
#pragma once

#include "lib/bench/machine/allocator.h"
#include "lib/bench/timing/protocol.h"
#include "lib/bench/variants/variant.h"
#include "lib/run/compare.h"

namespace tsir {

enum class VariantState {
  good,
  identical,   // executes the same as an earlier variant
  wrong,       // its outputs differ from the baseline's
  pass_failed, // a pass threw
  run_failed,  // the model threw
  refused,     // NNC groups that an interpreter would run; nothing left to train
  not_run,     // a pass before it failed, or the user stopped
};
std::string_view to_string(VariantState state); // "pass-failed"
// Its own, or those of the variant that it is identical to.
bool has_times(VariantState state);

struct CheckedVariant {
  VariantSpec spec;
  VariantState state = VariantState::not_run;
  std::string detail;      // one line where state is not good; for identical: the name of the other
  size_t identical_to = 0; // index, where identical
  bool compared = false;   // `difference` holds something
  Difference difference;   // from the baseline's outputs, over the first calls
  std::vector<PassOutcome> passes;
  double open_seconds = 0;
  MemoryUse memory; // of one call, after those that profile and compile; zeros where not run
};

struct CheckSettings {
  bool compare = true;
  Tolerance tolerance;
  bool allow_interpreted_nnc = false;
  bool stop_at_failed_pass = true; // variants are prefixes of one pipeline: what follows would fail as well
};

struct Checks {
  std::vector<CheckedVariant> variants; // as the specs; the first is the baseline
  std::vector<std::string> notes;       // one line each, for the reader of the report
};

// Makes and runs each variant once, one at a time. The first calls' outputs (three: LibTorch's executor replaces the
// graph in the second) are compared with the baseline's. Rivals must come last. Throws Error where the baseline itself
// cannot be made or run, or a rival cannot begin.
Checks check_variants(const BenchTarget& target, const std::vector<VariantSpec>& specs, const CheckSettings& settings,
                      const Hooks& hooks);

} // namespace tsir
