// Graphs as .ir text, in LibTorch's look wherever that loses nothing (docs/ir.md).
#pragma once

#include "lib/core/libtorch.h"

namespace tsir::ir_text {

// Gives a name under which the contents of a constant that is too large for the text, or has no text, are kept; ""
// where they cannot be.
using KeepConstant = std::function<std::string(const c10::IValue& value)>;

// A value, as read_value reads it. `keep` may be empty: then `<Tensor>` stands for what is too large.
std::string value_text(const c10::IValue& value, const c10::TypePtr& type, const KeepConstant& keep);

// The graph, its values with the names and numbers that they have.
std::string graph_text(const jit::Graph& graph, bool locations, const KeepConstant& keep);

} // namespace tsir::ir_text
