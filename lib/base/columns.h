// The space that text takes on a terminal: its characters, without colour sequences.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

size_t column_width(std::string_view text);

// The text if it fits into `columns`; otherwise its beginning and "…", with colours ended.
std::string fit_columns(std::string_view text, size_t columns);

} // namespace tsir
