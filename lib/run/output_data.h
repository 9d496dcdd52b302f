// Outputs as the bytes of a .pt that `torch.load` reads with its defaults.
#pragma once

#include "lib/core/libtorch.h"

namespace tsir {

// One output by itself, several as a tuple. Tensors come from their device to the host; a NamedTuple becomes a tuple,
// an object a dict of its attributes, an Enum's member its value: torch.load takes no classes that it does not know.
// Throws Error(check) where an output holds something else (a custom C++ class, a generator).
std::vector<char> as_torch_file(const std::vector<c10::IValue>& outputs);

} // namespace tsir
