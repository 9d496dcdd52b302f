// What a model does that its owner may not expect: it trains or draws random numbers in evaluation mode, its devices
// or sizes are fixed, or it can read outside of a tensor.
#pragma once

#include "lib/model/effects.h"

#include <set>

namespace tsir {

struct TraitSettings {
  bool training = false;            // the module is in training mode, where it is expected to train
  std::set<int64_t> traced_sizes{}; // first sizes of the inputs of a trace, which may be fixed in the code
};

// Of the graph and of all that it calls.
std::vector<Effect> traits_of(const jit::Graph& graph, const TraitSettings& settings);

} // namespace tsir
