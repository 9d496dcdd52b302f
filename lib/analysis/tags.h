// Numbers nodes, so that they can be identified after a pass has moved them into subgraphs.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// A copy in which the scope of each node is its index in nodes_in_order(). LibTorch's passes keep the scope when they
// clone a node.
GraphPtr tagged_copy(const jit::Graph& graph);
// The tags of the graph's nodes, without constants, in ascending order. Nodes that a pass created do not have a tag.
std::set<size_t> tags_in(const jit::Graph& graph);

} // namespace tsir
