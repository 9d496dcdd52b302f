// Before anything is timed: does every variant run, with the same results, and is it worth timing?
#pragma once

#include "lib/bench/outcome/settings.h"
#include "lib/bench/timing/protocol.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

struct Checks {
  std::vector<VariantOutcome> variants; // as the specs; the first is the baseline
  std::vector<std::string> notes;       // one line each, for the reader of the report
};

// Makes and runs each variant once, one at a time. The first calls' outputs (three: LibTorch's executor replaces the
// graph in the second) are compared with the baseline's. Rivals must come last. Throws Error where the baseline itself
// cannot be made or run, or a rival cannot begin.
Checks check_variants(const BenchTarget& target, const std::vector<VariantSpec>& specs, const CheckSettings& settings,
                      const Hooks& hooks);

} // namespace tsir
