// A hash that is equal for graphs that differ only in names. It decides whether a pass changed a graph, and whether two
// variants need to be timed separately. Constants are hashed by content.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

uint64_t canonical_hash(const jit::Graph& graph);

// The hash of one node: its operator, attributes, nested blocks, and numbers of inputs and outputs. It does not depend
// on which values are its inputs, nor on the types of its outputs.
uint64_t node_hash(const jit::Node& node);
uint64_t attribute_hash(const jit::Node& node, c10::Symbol name);

} // namespace tsir
