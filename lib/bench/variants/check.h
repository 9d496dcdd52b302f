// Checks variants before anything is timed: whether each runs, gives the same results, and differs from the others.
#pragma once

#include "lib/bench/outcome/settings.h"
#include "lib/bench/timing/protocol.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

struct Checks {
  std::vector<VariantOutcome> variants; // in the order of the specs; the first is the baseline
  std::vector<std::string> notes;       // one line each, for the reader of the report
};

// Makes and runs each variant, one at a time. The outputs of the first three calls (LibTorch's executor replaces the
// graph in the second) are compared with the baseline's. Rivals must come last. Throws Error if the baseline itself
// cannot be made or run, or if a rival cannot start.
Checks check_variants(const BenchTarget& target, const std::vector<VariantSpec>& specs, const CheckSettings& settings,
                      const Hooks& hooks);

} // namespace tsir
