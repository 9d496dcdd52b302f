// The width of text on a terminal: the number of its characters, without colour sequences.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

size_t column_width(std::string_view text);

// Returns the text if it fits into `columns`; otherwise its beginning and "…", with colours reset at the end.
std::string fit_columns(std::string_view text, size_t columns);

} // namespace tsir
