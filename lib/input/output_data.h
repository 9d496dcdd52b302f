// Converts outputs to the bytes of a .pt file that `torch.load` reads with its default settings.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Converts a value to plain data on the CPU: a NamedTuple becomes a tuple, an object a dict of its attributes, and an
// Enum member its value. Throws Error(check) if the value contains anything else, such as a custom C++ class or a
// generator.
c10::IValue plain_value(const c10::IValue& value);

// A single output is written as is, several as a tuple. They are converted to plain data, because torch.load rejects
// unknown classes. Throws Error(check) as above.
std::vector<char> as_torch_file(const std::vector<c10::IValue>& outputs);

} // namespace tsir
