#include "lib/base/columns.h"

#include <algorithm>

namespace tsir {
namespace {

constexpr std::string_view end_colour = "\x1b[0m";

// Size in bytes of the ANSI sequence (a colour or its reset) at the start of the text; 0 if there is none.
size_t sequence_size(std::string_view text) {
  return text.starts_with("\x1b[") ? std::min(text.find_first_of("mK"), text.size() - 1) + 1 : 0;
}

bool begins_character(char byte) { // in UTF-8
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

} // namespace

size_t column_width(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t sequence = sequence_size(text.substr(at));
    width += sequence == 0 && begins_character(text[at]) ? 1 : 0;
    at += std::max<size_t>(sequence, 1);
  }
  return width;
}

std::string fit_columns(std::string_view text, size_t columns) {
  size_t width = 0;
  size_t last = 0; // where the last character that fits begins
  bool coloured = false;
  for (size_t at = 0; at < text.size();) {
    if (const size_t sequence = sequence_size(text.substr(at)); sequence > 0) {
      coloured = text.substr(at, sequence) != end_colour;
      at += sequence;
      continue;
    }
    if (begins_character(text[at])) {
      if (width == columns) {
        return std::string(text.substr(0, last)).append(coloured ? end_colour : "") + "…";
      }
      ++width;
      last = at;
    }
    ++at;
  }
  return std::string(text);
}

} // namespace tsir
