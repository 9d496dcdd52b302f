// Graphs as .ir text, in LibTorch's look wherever that loses nothing (docs/ir.md).
#pragma once

#include "lib/ir/text/lossless.h"

namespace tsir::ir_text {

// `lossless` may be null everywhere here: then the text is for people, and `<Tensor>` stands for what is too large.

// A value, as read_value reads it, its further lines indented by `level` steps.
std::string value_text(const c10::IValue& value, const c10::TypePtr& type, Lossless* lossless, size_t level = 0);

// A type: in LibTorch's look, or with all that names it.
std::string type_text(const c10::Type& type, Lossless* lossless);

// The graph, its values with the names and numbers that they have.
std::string graph_text(const jit::Graph& graph, bool locations, Lossless* lossless);

} // namespace tsir::ir_text
