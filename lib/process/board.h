// Text in memory that processes share: fixed fields, without pointers.
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>

namespace tsir {

// Copies what fits; the field always ends with a zero.
template <size_t capacity> void copy_to(char (&field)[capacity], std::string_view text) {
  const size_t size = std::min(text.size(), capacity - 1);
  std::memcpy(field, text.data(), size);
  field[size] = '\0';
}

} // namespace tsir
