// Sees what a value is while a graph runs.
#pragma once

#include "lib/compat/libtorch.h"

#include <functional>

namespace tsir {

// Calls `see` each time the interpreter comes by the place where `value` was just made. The node belongs to the graph.
void add_probe(jit::Value* value, std::function<void(const c10::IValue&)> see);

} // namespace tsir
