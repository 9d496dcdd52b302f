// The inputs that a module was traced with. A file holds their shapes and dtypes, but not their values.
#pragma once

#include "lib/archive/archive.h"

#include <map>

namespace tsir {

// By method: the inputs without self, as texts in the grammar of lib/input/inputs.h ("float32[1,3,16,16]"). A method
// with an input that the grammar cannot express is left out, and so are all if the file has none or its record is
// damaged.
std::map<std::string, std::vector<std::string>> traced_inputs(const Archive& archive);

} // namespace tsir
