// Where in its source a node comes from, as the comment at the end of its line: `# model.py:12:8`.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// FILE:LINE:COLUMN, of the Python source where the file still knows it; "" where a node has none. A node that was read
// from text has what its text said.
std::string location_of(const jit::Node& node);

// What `comment` says, if it is a location. `code` stands at that place in messages of LibTorch, which show the line.
std::optional<jit::SourceRange> read_location(std::string_view comment, std::string_view code);

} // namespace tsir::ir_text
