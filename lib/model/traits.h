// What a model does that its owner may not expect: it trains or draws random numbers in evaluation mode, its devices
// are fixed, or it can read outside of a tensor.
#pragma once

#include "lib/model/effects.h"

namespace tsir {

// Of the graph and of all that it calls. `training`: whether the module is in training mode, where it is expected to
// train.
std::vector<Effect> traits_of(const jit::Graph& graph, bool training);

} // namespace tsir
