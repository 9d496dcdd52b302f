// How this program was started: by itself, or by the launcher of a folder that may be moved (tools/launcher).
#pragma once

namespace tsir::tool {

// Gives LD_LIBRARY_PATH the value that it had before the launcher, which becomes the program's path (program_path.h).
// Otherwise Python and other programs that tsir starts would load tsir's libraries. To be called before anything else
// reads the environment.
void restore_environment();

} // namespace tsir::tool
