// Measures an instance that has settled on inputs of one shape and then gets others: an executor that specialises
// profiles and compiles again.
#pragma once

#include "lib/bench/outcome/sweep_outcome.h"
#include "lib/bench/timing/protocol.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// Measures the change from the first target to each of the others, each with a new instance. The targets differ only in
// their inputs.
std::vector<ShapeChange> shape_changes(const std::vector<BenchTarget>& targets, const std::vector<VariantSpec>& specs,
                                       const std::vector<size_t>& variants, const WarmupSettings& settings,
                                       Clock& clock, const Hooks& hooks);

} // namespace tsir
