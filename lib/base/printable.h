// Text from a file, made safe to show on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// Replaces control characters, except tabs and line ends, and bytes that are not valid UTF-8 by \xNN.
std::string printable(std::string_view text);

} // namespace tsir
