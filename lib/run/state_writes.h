// What a call leaves behind in the module: what calls at the same time would race for.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// The first attribute that `call`, which runs the unit's graph, changes, by its path: "bn1.num_batches_tracked". "a
// constant" where it writes to one of the graph's; "" where it leaves all as it was.
std::string changed_attribute(const Unit& unit, const std::function<void()>& call);

} // namespace tsir
