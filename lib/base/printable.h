// Text from a file, made safe to show on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// Control characters but for line ends and tabs, and bytes that are no UTF-8, become \xNN.
std::string printable(std::string_view text);

} // namespace tsir
