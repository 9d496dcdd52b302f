#include "lib/report/page/html.h"

#include "lib/base/printable.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace tsir {
namespace {

constexpr std::pair<char, std::string_view> named_entities[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

std::string utf8(uint32_t code) {
  std::string bytes;
  const auto add = [&](uint32_t byte) { bytes += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | (code >> 6));
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | (code >> 12));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | (code >> 18));
    add(0x80 | ((code >> 12) & 0x3F));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  }
  return bytes;
}

// The character of an entity such as "&#45;" or "&lt;"; "" if it is not known.
std::string decoded_entity(std::string_view entity) {
  for (const auto& [character, name] : named_entities) {
    if (entity == name) {
      return {character};
    }
  }
  if (entity == "&nbsp;") {
    return "\xC2\xA0";
  }
  if (!entity.starts_with("&#")) {
    return "";
  }
  const bool hex = entity.size() > 3 && entity[2] == 'x';
  const char* begin = entity.data() + (hex ? 3 : 2);
  const char* end = entity.data() + entity.size() - 1;
  uint32_t code = 0;
  const auto [stop, error] = std::from_chars(begin, end, code, hex ? 16 : 10);
  return error == std::errc() && stop == end && code > 0 && code < 0x110000 ? utf8(code) : "";
}

} // namespace

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    const auto* found = std::begin(named_entities);
    while (found != std::end(named_entities) && found->first != c) {
      ++found;
    }
    if (found != std::end(named_entities)) {
      escaped += found->second;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string xml_decoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size();) {
    const size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    const std::string character =
        end == std::string_view::npos || end - i > 10 ? "" : decoded_entity(text.substr(i, end - i + 1));
    if (character.empty()) {
      decoded += text[i++];
    } else {
      decoded += character;
      i = end + 1;
    }
  }
  return decoded;
}

} // namespace tsir
