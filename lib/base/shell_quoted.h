// Text as a word of a command line.
#pragma once

#include <string>

namespace tsir {

// For a shell: in single quotes where it must be.
std::string shell_quoted(const std::string& text);

} // namespace tsir
