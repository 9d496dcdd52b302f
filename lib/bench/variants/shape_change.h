// What happens in an instance that has settled on inputs of one shape when others come: an executor that specialises
// profiles and compiles once more.
#pragma once

#include "lib/bench/outcome/sweep_outcome.h"
#include "lib/bench/timing/protocol.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// From the first target to each of the others, an instance each. The targets are alike but for their inputs.
std::vector<ShapeChange> shape_changes(const std::vector<BenchTarget>& targets, const std::vector<VariantSpec>& specs,
                                       const std::vector<size_t>& variants, const WarmupSettings& settings,
                                       Clock& clock, const Hooks& hooks);

} // namespace tsir
