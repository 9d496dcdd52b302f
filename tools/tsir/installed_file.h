// Files that are installed with tsir.
#pragma once

#include <filesystem>

namespace tsir::tool {

// The path of share/tsir/NAME beside the program, which is the same in an installation and in a build tree. Throws
// Error(load) if it is missing.
std::filesystem::path installed_file(const std::filesystem::path& name);

} // namespace tsir::tool
