// Quotes text for use as one word of a command line.
#pragma once

#include <string>

namespace tsir {

// Quotes for a POSIX shell: adds single quotes only if they are needed.
std::string shell_quoted(const std::string& text);

} // namespace tsir
