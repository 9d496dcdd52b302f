// The parts of the mutation family; passes/mutation.cpp calls these functions.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

void register_inplace(Registry& registry);           // in-place operators made functional, and the reverse
void register_functional_graphs(Registry& registry); // the parts of a graph that write nothing

} // namespace tsir
