// The parts of the family of mutation: passes/mutation.cpp calls these.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

void register_inplace(Registry& registry);           // in-place operators made functional, and back
void register_functional_graphs(Registry& registry); // the parts of a graph that write nothing

} // namespace tsir
