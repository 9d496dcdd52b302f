// Checks the variants of one model, and measures those that differ against each other.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// The caller fills in the outcome's context. `specs` must not change during the call. Throws Error if the baseline
// cannot be made or run, and Error(usage) if a prefix has NNC groups that would be interpreted.
BenchOutcome run_bench(const BenchTarget& target, const std::vector<VariantSpec>& specs, const BenchSettings& settings,
                       Clock& clock, const Hooks& hooks);

// The variants of a bench: `start` alone, then `start` with each prefix of `pipeline`…
std::vector<VariantSpec> prefix_variants(const Pipeline& start, const Pipeline& pipeline);
// … or with each of its passes alone.
std::vector<VariantSpec> single_variants(const Pipeline& start, const Pipeline& pipeline);

} // namespace tsir
