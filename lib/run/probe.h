// Reports the contents of values while a graph runs.
#pragma once

#include "lib/compat/libtorch.h"

#include <functional>

namespace tsir {

// Calls `on_value` each time the interpreter has computed `value`. Adds a node, which belongs to the graph.
void add_probe(jit::Value* value, std::function<void(const c10::IValue&)> on_value);
// Calls `on_values` with the contents of `values` each time the interpreter is about to run `node`.
void add_probe_before(jit::Node* node, const std::vector<jit::Value*>& values,
                      std::function<void(std::vector<c10::IValue>)> on_values);

} // namespace tsir
