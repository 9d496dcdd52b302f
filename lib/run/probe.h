// Reports the content of a value while a graph runs.
#pragma once

#include "lib/compat/libtorch.h"

#include <functional>

namespace tsir {

// Calls `on_value` each time the interpreter has computed `value`. Adds a node, which belongs to the graph.
void add_probe(jit::Value* value, std::function<void(const c10::IValue&)> on_value);

} // namespace tsir
