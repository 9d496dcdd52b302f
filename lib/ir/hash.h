// A hash that is equal for graphs that are the same but for names: what decides whether a pass changed anything and
// whether two variants need timing at all. Constants count by content.
#pragma once

#include "lib/core/libtorch.h"

namespace tsir {

uint64_t canonical_hash(const jit::Graph& graph);

} // namespace tsir
