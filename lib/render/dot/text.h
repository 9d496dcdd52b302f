// Short texts for types, constants, attributes and nodes in boxes.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// "float32[1,64,*,*]" with * for unknown sizes; "Tensor" if nothing is known; the last name of a class.
std::string type_text(const c10::Type& type);
// A constant: "3", "[1, 1]", "\"mean\"", "float32[64,3,7,7]" for a tensor. Long ones are truncated.
std::string constant_text(const c10::IValue& value);
// The attributes of a node, except subgraphs: "dim=0".
std::vector<std::string> attribute_texts(const jit::Node& node);
// The node as one line of text, its source location, and that source line.
std::string tooltip_text(const jit::Node& node);
// At most `limit` bytes of valid UTF-8 on one line; longer text ends in "…".
std::string shortened(std::string_view text, size_t limit);
// Joins items with ", " into lines of about `width` bytes at most.
std::vector<std::string> wrapped(const std::vector<std::string>& items, size_t width);

} // namespace tsir
