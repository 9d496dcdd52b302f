// Runs the profiled rounds of a bench, after its timed ones.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// Profiles the variants that have times in `result`, in the same groups, and fills in `result.operators`: a profile of
// each, and an account of every contrast that has a decision. `specs`: those that `result` was made from. Takes at most
// half of the bench's maximum time, but always completes the shortest possible profile.
void profile_operators(BenchOutcome& result, const BenchTarget& target, const std::vector<VariantSpec>& specs,
                       const BenchSettings& bench, const OperatorSettings& settings, Clock& clock, const Hooks& hooks);

} // namespace tsir
