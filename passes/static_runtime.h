// The parts of the family of static runtime: passes/static_runtime.cpp calls these.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

void register_static_runtime_rewrites(Registry& registry); // rewrites into operators that only static runtime has
void register_static_runtime_cleanup(Registry& registry);  // rewrites that leave ordinary operators

} // namespace tsir
