// Outputs as the bytes of a .pt that `torch.load` reads with its defaults.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// A value as plain data, on the host: a NamedTuple becomes a tuple, an object a dict of its attributes, an Enum's
// member its value. Throws Error(check) where it holds something else (a custom C++ class, a generator).
c10::IValue plain_value(const c10::IValue& value);

// One output by itself, several as a tuple; as plain data, because torch.load takes no classes that it does not know.
// Throws Error(check) as above.
std::vector<char> as_torch_file(const std::vector<c10::IValue>& outputs);

} // namespace tsir
