// The characters of an input's text: words, numbers, strings and brackets, with the column for messages. Blanks are
// free everywhere but inside words and numbers.
#pragma once

#include <c10/core/Scalar.h>

#include <string>
#include <string_view>

namespace tsir {

class InputLexer {
public:
  explicit InputLexer(std::string_view text) : text_(text) {}

  // Throws Error(usage): what is wrong with the text at this column.
  [[noreturn]] void fail(const std::string& what) const;
  // The next character that is no blank, not taken; '\0' at the end.
  char peek();
  // The very next character, blank or not.
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  // Takes `c` if it comes next.
  bool take(char c);
  void expect(char c);
  bool at_end();
  size_t position() const { return at_; }
  void go_back(size_t position) { at_ = position; }
  std::string_view since(size_t position) const { return text_.substr(position, at_ - position); }

  // Letters, digits, `_` and `.`; empty where none come next.
  std::string_view word();
  // A string in either kind of quotes, its escapes replaced.
  std::string quoted();
  // One real number: an integer where it is written as one. Also inf and nan.
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
