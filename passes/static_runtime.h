// The parts of the static runtime family; passes/static_runtime.cpp calls these functions.
#pragma once

#include "lib/compat/unshipped.h"
#include "lib/pass/registry.h"

namespace tsir {

constexpr auto static_runtime_header = "torch/csrc/jit/runtime/static/passes.h";

void register_static_runtime_rewrites(Registry& registry); // rewrites into operators that only static runtime has
void register_static_runtime_cleanup(Registry& registry);  // rewrites that leave ordinary operators

} // namespace tsir
