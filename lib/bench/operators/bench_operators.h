// The profiled rounds of a bench, after its timed ones.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// Profiles the variants that `result` has times of, in the same groups, and fills in `result.operators`: a profile for
// each, and an account of every contrast that has a decision. `specs`: those that `result` was made of. Takes half as
// long as the bench may take at most, but for the shortest possible profile, which is finished.
void profile_operators(BenchOutcome& result, const BenchTarget& target, const std::vector<VariantSpec>& specs,
                       const BenchSettings& bench, const OperatorSettings& settings, Clock& clock, const Hooks& hooks);

} // namespace tsir
