// The source location of a node, which is printed as a comment at the end of its line: `# model.py:12:8`.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// FILE:LINE:COLUMN in the Python source, if the file still records it; "" if the node does not have a location. A node
// that was read from text has the location that the text gave.
std::string location_of(const jit::Node& node);

// Parses `comment` as a location. LibTorch's messages show the line of a location; they show `code` there.
std::optional<jit::SourceRange> read_location(std::string_view comment, std::string_view code);

} // namespace tsir::ir_text
