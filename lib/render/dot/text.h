// Types, constants, attributes and nodes as the short texts that stand in boxes.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// "float32[1,64,*,*]" with * where a size is not known; "Tensor" where nothing is; a class by its last name.
std::string type_text(const c10::Type& type);
// A constant: "3", "[1, 1]", "\"mean\"", "float32[64,3,7,7]" for a tensor. Elided where long.
std::string constant_text(const c10::IValue& value);
// A node's attributes but for subgraphs: "dim=0".
std::vector<std::string> attribute_texts(const jit::Node& node);
// The node as one line of text, where in the source it comes from, and that line of source.
std::string tooltip_text(const jit::Node& node);
// At most `limit` bytes of valid UTF-8 on one line; what is longer ends in "…".
std::string shortened(std::string_view text, size_t limit);
// Joined by ", " into lines of at most about `width` bytes.
std::vector<std::string> wrapped(const std::vector<std::string>& items, size_t width);

} // namespace tsir
