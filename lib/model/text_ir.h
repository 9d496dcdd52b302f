// Graphs from text and to text (.ir; docs/ir.md).
#pragma once

#include "lib/core/libtorch.h"
#include "lib/ir/print.h"

namespace tsir {

// Constants that the text only names are read from the file beside it, `path` + ".tensors". Throws Error(load) with
// file, line and column.
GraphPtr parse_ir(const std::string& text, const std::string& path);

// Writes a graph so that parse_ir gives it back: the text to `path`, constants that are too large for it to `path` +
// ".tensors". A first input that is a module nobody reads is left out, as a frozen module's self. Both files appear
// whole or not at all. Throws Error(check).
void write_ir(const jit::Graph& graph, const std::string& path, const PrintSettings& settings = {});

} // namespace tsir
