// Where this program is.
#pragma once

#include <filesystem>

namespace tsir::tool {

// The absolute path of the running program, or what set_program_path has set. Throws Error(check) if it cannot be
// found.
std::filesystem::path program_path();

// For a program that stands in for tsir.
void set_program_path(std::filesystem::path path);

} // namespace tsir::tool
