// A hash of units. It decides whether a pass changed anything; the result of the pass is not trusted for this.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// The graph's canonical hash, combined for a module with those of its other methods and its attributes (tensors by
// identity).
uint64_t canonical_hash(const Unit& unit);

} // namespace tsir
