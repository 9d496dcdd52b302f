// `tsir opt --run-reproducer FILE`: the command line that the file carries.
#pragma once

#include <string>
#include <vector>

namespace tsir::tool {

// The words of the command line after the program's name, with those of the file in the place of --run-reproducer; as
// they are where it is not there. Says on standard error what it made of them. Throws Error.
std::vector<std::string> replayed(std::vector<std::string> words);

} // namespace tsir::tool
