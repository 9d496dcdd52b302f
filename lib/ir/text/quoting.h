// Strings and names as .ir text has them.
#pragma once

#include <string>
#include <string_view>

namespace tsir::ir_text {

// In double quotes; every byte that is not printable ASCII as \ and three octal digits.
std::string in_quotes(std::string_view bytes);
// The bytes of a string with its quotes, single or double.
std::string out_of_quotes(std::string_view text);
// %x, or %"a b" where the name has characters that end one.
std::string variable(const std::string& name);
// The name of an attribute or argument: as it is, or in quotes where it is neither a name nor a number.
std::string key(const std::string& name);
// Whether a name is a number, which LibTorch takes for none.
bool is_number_name(std::string_view name);

} // namespace tsir::ir_text
