// Prints values of attributes and constants in one line of bounded length.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// The kind of a value without its contents: "float32[64,3,7,7]", "list of 3", "object of Linear".
std::string value_title(const c10::IValue& value);

// The value itself, truncated after some elements and characters: `[1, 2, 3, …]`, `float32[4] [0.5, -1.25, 0, 3]`.
// Reads only the first elements of tensors. Never throws on values from a malicious file, and never prints control
// characters.
std::string value_text(const c10::IValue& value);

} // namespace tsir
