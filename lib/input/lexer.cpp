#include "lib/input/lexer.h"

#include "lib/base/error.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace tsir {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool starts_number(char c) {
  return is_digit(c) || c == '-' || c == '+' || c == '.';
}

namespace {

bool in_word(char c) {
  return starts_word(c) || is_digit(c) || c == '.';
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

} // namespace

void InputLexer::fail(const std::string& what) const {
  throw Error(ErrorKind::usage, fmt::format("cannot read input `{}`: {} at column {}", one_line(text_, 200), what,
                                            std::min(at_, text_.size()) + 1));
}

void InputLexer::skip_blanks() {
  while (at_ < text_.size() && is_blank(text_[at_])) {
    ++at_;
  }
}

char InputLexer::peek() {
  skip_blanks();
  return next();
}

bool InputLexer::take(char c) {
  if (peek() != c || at_ == text_.size()) {
    return false;
  }
  ++at_;
  return true;
}

void InputLexer::expect(char c) {
  if (!take(c)) {
    fail(fmt::format("expected `{}`", c));
  }
}

bool InputLexer::at_end() {
  skip_blanks();
  return at_ == text_.size();
}

std::string_view InputLexer::word() {
  skip_blanks();
  const size_t start = at_;
  while (at_ < text_.size() && in_word(text_[at_])) {
    ++at_;
  }
  return since(start);
}

char32_t InputLexer::code_point(int digits) {
  uint32_t value = 0;
  const char* first = text_.data() + at_;
  const char* last = first + std::min<size_t>(static_cast<size_t>(digits), text_.size() - at_);
  const auto [end, error] = std::from_chars(first, last, value, 16);
  if (error != std::errc() || end != first + digits) {
    fail(fmt::format("expected {} hexadecimal digits", digits));
  }
  at_ += static_cast<size_t>(digits);
  return value;
}

std::string InputLexer::quoted() {
  const char quote = text_[at_++];
  std::string out;
  while (at_ < text_.size() && text_[at_] != quote) {
    char c = text_[at_++];
    if (c != '\\') {
      out += c;
      continue;
    }
    c = at_ < text_.size() ? text_[at_++] : '\0';
    switch (c) {
    case 'n':
      out += '\n';
      break;
    case 't':
      out += '\t';
      break;
    case 'r':
      out += '\r';
      break;
    case '0':
      out += '\0';
      break;
    case 'x':
      append_utf8(out, code_point(2));
      break;
    case 'u':
      append_utf8(out, code_point(4));
      break;
    case '\\':
    case '"':
    case '\'':
      out += c;
      break;
    default:
      fail("unknown escape: use \\n \\t \\r \\0 \\\\ \\\" \\' \\xNN \\uNNNN");
    }
  }
  if (at_ == text_.size()) {
    fail("the string is not terminated");
  }
  ++at_;
  return out;
}

c10::Scalar InputLexer::number() {
  skip_blanks();
  const size_t start = at_;
  const bool negative = at_ < text_.size() && text_[at_] == '-';
  if (negative || (at_ < text_.size() && text_[at_] == '+')) {
    ++at_;
  }
  for (const std::string_view name : {"inf", "nan"}) {
    if (text_.substr(at_).starts_with(name)) {
      at_ += name.size();
      const double value = name == "inf" ? INFINITY : NAN;
      return negative ? -value : value;
    }
  }
  const size_t digits = at_;
  while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E' ||
                                ((text_[at_] == '-' || text_[at_] == '+') && (text_[at_ - 1] | 0x20) == 'e'))) {
    ++at_;
  }
  const auto body = text_.substr(digits, at_ - digits);
  const auto number = negative ? text_.substr(start, at_ - start) : body;
  const char* end = number.data() + number.size();
  if (body.find_first_of(".eE") == std::string_view::npos) {
    int64_t integer = 0;
    const auto [stop, error] = std::from_chars(number.data(), end, integer);
    if (error == std::errc::result_out_of_range) {
      fail("the number does not fit into 64 bits");
    }
    if (error == std::errc() && stop == end) {
      return integer;
    }
  } else {
    double real = 0;
    const auto [stop, error] = std::from_chars(number.data(), end, real);
    if (error == std::errc() && stop == end) {
      return real;
    }
  }
  at_ = start;
  fail("expected a number");
}

} // namespace tsir
