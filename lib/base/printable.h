// Text from a file, made safe to show on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// Replaces control characters, except tabs and line ends, and bytes that are not valid UTF-8 by \xNN.
std::string printable(std::string_view text);

// The size in bytes of the UTF-8 character at the start of `text`, if a terminal can show it. 0 if the bytes are not a
// character, are overlong, or encode a surrogate or a control character (other than tab and line end), such as those
// of U+0080 to U+009F, which terminals obey too.
size_t printable_character(std::string_view text);

} // namespace tsir
