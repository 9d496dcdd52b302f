// The outputs of a unit on example inputs, always from the same state, so that two units can be compared.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// Runs the graph as it stands on copies of `inputs` (without self), with seeded generators, and then restores the
// module's state. The outputs are copies. Throws as Runnable::run does.
std::vector<c10::IValue> outputs_of(const Unit& unit, const std::vector<c10::IValue>& inputs, uint64_t seed = 0,
                                    bool grad = false);

} // namespace tsir
