// A hash that is equal for graphs that are the same but for names: what decides whether a pass changed anything and whether
// two variants need timing at all. Constants count by content.
#pragma once

#include "lib/core/libtorch.h"
#include "lib/model/unit.h"

namespace tsir {

uint64_t canonical_hash(const jit::Graph& graph);
// The graph's hash with, for a module, its other methods' graphs and attributes (tensors by identity).
uint64_t canonical_hash(const Unit& unit);

} // namespace tsir
