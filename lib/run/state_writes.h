// Finds state of the module that a call changes, for which simultaneous calls would race.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// Returns the path of the first attribute that `call`, which runs the unit's graph, changes: "bn1.num_batches_tracked";
// "a constant" if it writes to a constant of the graph; "" if it changes nothing.
std::string changed_attribute(const Unit& unit, const std::function<void()>& call);

} // namespace tsir
