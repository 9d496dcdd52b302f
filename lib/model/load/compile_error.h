// What to tell a user when LibTorch could not compile or rebuild a module.
#pragma once

#include "lib/archive/module_file.h"
#include "lib/base/error.h"

namespace tsir {

// One line. Where an operator or class is missing: its name, and how to load its library; else what LibTorch said, and
// where in the code.
Error compile_error(const ModuleFile& file, const std::exception& error);

} // namespace tsir
