// What to tell a user when LibTorch could not compile or rebuild a module.
#pragma once

#include "lib/base/error.h"
#include "lib/archive/module_file.h"

namespace tsir {

// One line: what is missing (with --load-library) where something is, else what LibTorch said, and where in the code.
Error compile_error(const ModuleFile& file, const std::exception& error);

} // namespace tsir
