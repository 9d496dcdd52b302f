// Nodes numbered, so that they are known again after a pass has moved them into subgraphs.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// A copy whose nodes bear their place in nodes_in_order() as their scope, which LibTorch's passes take along when they
// clone a node.
GraphPtr tagged_copy(const jit::Graph& graph);
// The tags of the graph's nodes, constants left out, in ascending order. Nodes that a pass made itself have none.
std::set<size_t> tags_in(const jit::Graph& graph);

} // namespace tsir
