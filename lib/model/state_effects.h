// The writes of a graph to what outlives a call: attributes of the module, and the caller's inputs.
#pragma once

#include "lib/model/branches.h"
#include "lib/model/effects.h"

namespace tsir {

// An operator that writes in place.
struct StateWrite {
  const jit::Node* node;
  std::string origin; // of what it writes to: "the attribute cache" (origins.h)
  bool trains;        // it writes to the running statistics of a normalisation
};

// Those that may run, in graph order, subgraphs included. As state_effects_of finds them.
std::vector<StateWrite> state_writes_of(const jit::Graph& graph, Branches& branches);

// Follows each written value back to where it comes from: through views, in-place operators, elements of lists, tuples
// and dicts, branches, loops and forks. Batch norms that train write to their running statistics, which their schema
// does not say. Calls must be inlined: a call's writes are not seen. `branches`: those that never run have no effects.
std::vector<Effect> state_effects_of(const jit::Graph& graph, Branches branches);

// Whether the operator trains: a batch norm that uses the statistics of the batch and has running ones, a dropout that
// drops. `otherwise`: what the operator's flag is if it is not a constant.
bool trains(const jit::Node& node, bool otherwise);

// The input that the node gets for the argument of that name; nullptr if it has no such argument.
const jit::Value* argument(const jit::Node& node, const std::string& name);

// The constant that the node gets for the argument of that name; None if it gets no constant, or has no such argument.
c10::IValue constant_argument(const jit::Node& node, const std::string& name);

} // namespace tsir
