#include "lib/ir/text/quoting.h"

#include "lib/base/printable.h"

#include <fmt/format.h>

#include <algorithm>

namespace tsir::ir_text {
namespace {

constexpr std::string_view escaped_letters = "abfnrtv";
constexpr std::string_view escaped_bytes = "\a\b\f\n\r\t\v";

int digit_value(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : 99;
}

// Reads up to `most` digits of a number in `base`, beginning at `at`.
char number_escape(std::string_view text, size_t& at, int base, size_t most) {
  int value = 0;
  for (size_t digits = 0; digits < most && at < text.size() && digit_value(text[at]) < base; ++digits, ++at) {
    value = value * base + digit_value(text[at]);
  }
  return static_cast<char>(value & 0xff);
}

// Appends the byte of the escape sequence whose backslash precedes text[at].
void append_escape(std::string_view text, size_t& at, std::string& bytes) {
  const char letter = text[at];
  const size_t known = escaped_letters.find(letter);
  if (known != std::string_view::npos) {
    bytes += escaped_bytes[known];
    ++at;
  } else if (letter == 'x' && at + 1 < text.size() && digit_value(text[at + 1]) < 16) {
    bytes += number_escape(text, ++at, 16, 2);
  } else if (digit_value(letter) < 8) {
    bytes += number_escape(text, at, 8, 3);
  } else if (letter == '\n') {
    ++at; // a line continuation
  } else {
    if (std::string_view("\\\"'").find(letter) == std::string_view::npos) {
      bytes += '\\';
    }
    bytes += letter;
    ++at;
  }
}

} // namespace

std::string in_quotes(std::string_view bytes) {
  std::string text = "\"";
  while (!bytes.empty()) {
    const char c = bytes[0];
    const size_t known = escaped_bytes.find(c);
    size_t length = 1;
    if (c == '\\' || c == '"' || c == '\'') {
      text += '\\';
      text += c;
    } else if (known != std::string_view::npos) {
      text += '\\';
      text += escaped_letters[known];
    } else if (const size_t character = printable_character(bytes); character > 0) {
      text += bytes.substr(0, character);
      length = character;
    } else {
      text += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
    bytes.remove_prefix(length);
  }
  return text + '"';
}

std::string out_of_quotes(std::string_view text) {
  std::string bytes;
  text = text.substr(1, text.size() - 2);
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      append_escape(text, ++at, bytes);
    } else {
      bytes += text[at++];
    }
  }
  return bytes;
}

namespace {

bool is_plain_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

} // namespace

std::string variable(const std::string& name) {
  return "%" + (is_plain_name(name) ? name : in_quotes(name));
}

std::string key(const std::string& name) {
  const bool begins = !name.empty() && name[0] != '.' && (name[0] < '0' || name[0] > '9');
  const bool plain = is_plain_name(name) && (begins || (is_number_name(name) && name.size() < 10));
  return plain ? name : in_quotes(name);
}

bool is_number_name(std::string_view name) {
  return name.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace tsir::ir_text
