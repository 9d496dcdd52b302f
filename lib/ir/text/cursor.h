// Splits .ir text into words, with their positions for messages.
#pragma once

#include "lib/base/text_error.h"
#include "lib/compat/libtorch.h"

#include <vector>

namespace tsir::ir_text {

enum class WordKind { end, name, variable, number, string, arrow, symbol };

// `text` points into the whole text. For a variable, it does not include the %, and is empty if the name follows in
// quotes; for a string, it includes the quotes.
struct Word {
  WordKind kind = WordKind::end;
  std::string_view text;
  size_t offset = 0;
};

class Definitions;

class Cursor {
public:
  // `text` and `definitions` must outlive the cursor. If `definitions` is null, the text has no classes.
  Cursor(std::string_view text, std::string path, Definitions* definitions = nullptr)
      : text_(text), path_(std::move(path)), definitions_(definitions) {}
  // A cursor for the same text at another position, with the same nesting depth.
  Cursor from(size_t offset) const;
  void go_to(size_t offset);

  // Throws TextError if a string is not terminated. The reference is valid until the next call.
  const Word& peek(size_t ahead = 0) const {
    return first_ + ahead < words_.size() ? words_[first_ + ahead] : split_until(ahead);
  }
  Word next();
  // Whether a name, symbol or arrow with this text comes next. Strings and variables never match.
  bool at(std::string_view text, size_t ahead = 0) const {
    const Word& word = peek(ahead);
    return word.text == text &&
           (word.kind == WordKind::name || word.kind == WordKind::symbol || word.kind == WordKind::arrow);
  }
  bool skip(std::string_view text);
  void expect(std::string_view text);
  std::string expect_name(std::string_view what); // `what` describes the name in the message, such as "a type"
  std::string expect_string();
  // The rest of the line up to a comment, unchanged.
  std::string_view rest_of_line();
  // The comment at the end of the line of the last word, without # and surrounding blanks; empty if there is none.
  std::string_view comment() const;
  size_t end_of_last() const { return taken_; } // the end of the last word

  // A key is a name, a number or a string in quotes.
  bool at_key(size_t ahead = 0) const;
  std::string expect_key(std::string_view what);

  Definitions* definitions() const { return definitions_; }
  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  // A fault at the position of `word`.
  TextFault fault(const Word& word, const std::string& what) const;
  [[noreturn]] void fail(const Word& word, const std::string& what) const { throw TextError(fault(word, what)); }
  [[noreturn]] void fail(const std::string& what) const { fail(peek(), what); } // at the next word

private:
  friend class Nested;
  std::string_view text_;
  std::string path_;
  Definitions* definitions_;
  // Words are split off on demand: all of them together would take many times the memory of the text.
  Word split_off() const;
  const Word& split_until(size_t ahead) const;
  size_t line_of(size_t offset) const;
  mutable std::vector<Word> words_; // those from `first_` on come next
  mutable size_t first_ = 0;
  mutable size_t split_ = 0; // position up to which the text has been split
  // The last position whose line was asked for, and the number of line ends before it.
  mutable size_t counted_ = 0;
  mutable size_t line_ends_ = 0;
  size_t taken_ = 0; // the end of the last word
  size_t depth_ = 0;
};

// Increases the nesting depth during its lifetime. LibTorch and the readers are recursive, so nesting that is too deep
// would end in a crash; it is an error instead.
class Nested {
public:
  explicit Nested(Cursor& cursor);
  ~Nested() { --cursor_.depth_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

private:
  Cursor& cursor_;
};

constexpr std::string_view too_deep = "nested too deeply: more than 1,000 levels";

// Reads comma-separated items up to `close`. A trailing comma is allowed.
template <class Item> void comma_separated(Cursor& cursor, std::string_view close, const Item& item) {
  while (!cursor.skip(close)) {
    item();
    if (!cursor.at(close)) {
      cursor.expect(",");
    }
  }
}

} // namespace tsir::ir_text
