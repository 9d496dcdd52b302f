// `tsir opt --run-reproducer FILE`: the command line that the file carries.
#pragma once

#include <string>
#include <vector>

namespace tsir::tool {

// The words of the command line after the program's name. Words with --run-reproducer FILE are replaced by those that
// the file carries, followed by the rest, and the new command is printed on standard error. Throws Error.
std::vector<std::string> replayed(std::vector<std::string> words);

} // namespace tsir::tool
