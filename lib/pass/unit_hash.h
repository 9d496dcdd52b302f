// Whether a pass changed anything, for units: decided by this hash, never by the pass's word.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// The graph's canonical hash with, for a module, those of its other methods and its attributes (tensors by identity).
uint64_t canonical_hash(const Unit& unit);

} // namespace tsir
