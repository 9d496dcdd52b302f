// The error message for a module that LibTorch could not compile or rebuild.
#pragma once

#include "lib/archive/module_file.h"
#include "lib/base/error.h"

namespace tsir {

// One line. If an operator or class is missing: its name, and how to load its library. Otherwise LibTorch's message,
// and its position in the code.
Error compile_error(const ModuleFile& file, const std::exception& error);

} // namespace tsir
