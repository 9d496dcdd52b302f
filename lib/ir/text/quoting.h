// Quotes strings and names for .ir text.
#pragma once

#include <string>
#include <string_view>

namespace tsir::ir_text {

// In double quotes. Control characters and bytes that are not valid UTF-8 become a backslash and three octal digits.
std::string in_quotes(std::string_view bytes);
// The bytes of a quoted string. Accepts single and double quotes.
std::string out_of_quotes(std::string_view text);
// %x, or %"a b" if the name has characters that would end it.
std::string variable(const std::string& name);
// The name of an attribute or argument; in quotes if it is neither a name nor a number.
std::string key(const std::string& name);
// Whether a name is a number. LibTorch treats such values as unnamed.
bool is_number_name(std::string_view name);

} // namespace tsir::ir_text
