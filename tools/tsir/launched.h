// How this program was started: by itself, or by the launcher of a folder that may be moved (tools/launcher).
#pragma once

#include <string>

namespace tsir::tool {

// Gives LD_LIBRARY_PATH the value that it had before the launcher. Otherwise Python and other programs that tsir starts
// would load tsir's libraries. To be called before anything else reads the environment.
void restore_environment();

// The file to start this program again: the launcher, if it was used. Throws Error(check) if it cannot be found.
std::string own_path();

} // namespace tsir::tool
