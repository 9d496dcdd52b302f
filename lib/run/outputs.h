// What a unit gives on example inputs, from the same state every time: for comparing one unit with another.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// Runs the graph as it stands on copies of `inputs` (without self), with seeded generators; the module's state is put
// back afterwards. The outputs are copies. Throws as Runnable::run does.
std::vector<c10::IValue> outputs_of(const Unit& unit, const std::vector<c10::IValue>& inputs, uint64_t seed = 0,
                                    bool grad = false);

} // namespace tsir
