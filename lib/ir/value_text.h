// Values of attributes and constants, in one line of bounded length.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// What kind of value it is without its contents: "float32[64,3,7,7]", "list of 3", "object of Linear".
std::string value_title(const c10::IValue& value);

// The value itself, elided after some elements and characters: `[1, 2, 3, …]`, `float32[4] [0.5, -1.25, 0, 3]`. Reads
// the first elements of tensors. Never throws on values from a hostile file, and never prints their control characters.
std::string value_text(const c10::IValue& value);

} // namespace tsir
