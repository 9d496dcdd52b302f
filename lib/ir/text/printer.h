// Prints graphs as .ir text, in LibTorch's format unless that would lose information (docs/ir.md).
#pragma once

#include "lib/ir/text/lossless.h"
#include "lib/ir/text/value_names.h"

namespace tsir::ir_text {

// In all of these, `lossless` may be null: then the text is for display, and `<Tensor>` replaces what is too large.

// Prints a value in the form that read_value reads. Continuation lines are indented by `level` steps.
std::string value_text(const c10::IValue& value, const c10::TypePtr& type, Lossless* lossless, size_t level = 0);

// Prints a type: in LibTorch's format, or with everything that identifies it if `lossless` is given.
std::string type_text(const c10::Type& type, Lossless* lossless);

// Prints the graph, followed by the graphs in the attributes of its nodes, each with its own numbers.
std::string graph_text(const jit::Graph& graph, Numbering numbering, bool locations, Lossless* lossless);

} // namespace tsir::ir_text
