// A hash that is equal for graphs that are the same but for names: what decides whether a pass changed anything and
// whether two variants need timing at all. Constants count by content.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

uint64_t canonical_hash(const jit::Graph& graph);

// Of what a node is by itself: its operator, attributes and nested blocks, and how many inputs and outputs; not which
// inputs, nor the types of its outputs.
uint64_t node_hash(const jit::Node& node);
uint64_t attribute_hash(const jit::Node& node, c10::Symbol name);

} // namespace tsir
