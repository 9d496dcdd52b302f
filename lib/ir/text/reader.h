// Graphs from .ir text: the whole of docs/ir.md.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

// Throws Error(load), with path:line:column of the first fault.
GraphPtr read_graph(const std::string& text, const std::string& path, const KeptConstants& kept);

} // namespace tsir::ir_text
