// Splits the text of an input into words, numbers, strings and brackets, and tracks the column for messages. Blanks are
// ignored, except inside of words and numbers.
#pragma once

#include <c10/core/Scalar.h>

#include <string>
#include <string_view>

namespace tsir {

class InputLexer {
public:
  explicit InputLexer(std::string_view text) : text_(text) {}

  // Throws an Error(usage) with this message and the current column.
  [[noreturn]] void fail(const std::string& what) const;
  // The next non-blank character, without consuming it; '\0' at the end.
  char peek();
  // The next character, including blanks, without consuming it.
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  // Consumes `c` if it is the next non-blank character.
  bool take(char c);
  void expect(char c);
  bool at_end();
  size_t position() const { return at_; }
  void go_back(size_t position) { at_ = position; }
  std::string_view since(size_t position) const { return text_.substr(position, at_ - position); }

  // Letters, digits, `_` and `.`; empty if none follow.
  std::string_view word();
  // A string in single or double quotes, with its escapes resolved.
  std::string quoted();
  // One real number, including inf and nan. It is an integer if it is written as one.
  c10::Scalar number();

private:
  void skip_blanks();
  char32_t code_point(int digits);

  std::string_view text_;
  size_t at_ = 0;
};

bool is_blank(char c);
bool is_digit(char c);
bool starts_word(char c);
bool starts_number(char c);

} // namespace tsir
