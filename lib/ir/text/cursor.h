// The words of .ir text one after the other, each with its place for messages.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/base/text_error.h"

#include <deque>

namespace tsir::ir_text {

enum class WordKind { end, name, variable, number, string, arrow, symbol };

// `text` lies in the whole text. A variable's text is without its %, and empty where the name follows in quotes; a
// string's is with its quotes.
struct Word {
  WordKind kind = WordKind::end;
  std::string_view text;
  size_t offset = 0;
};

class Definitions;

class Cursor {
public:
  // `text` must outlive the cursor; so must `definitions`, which may be null: then the text has no classes.
  Cursor(std::string_view text, std::string path, Definitions* definitions = nullptr)
      : text_(text), path_(std::move(path)), definitions_(definitions) {}
  // The same text from another place on, as deep as here.
  Cursor from(size_t offset) const;
  void go_to(size_t offset);

  // Throws TextError where a string is never closed.
  const Word& peek(size_t ahead = 0) const;
  Word next();
  // Whether a name, symbol or arrow comes next: `text` decides, so strings and variables never match.
  bool at(std::string_view text, size_t ahead = 0) const;
  bool skip(std::string_view text);
  void expect(std::string_view text);
  std::string expect_name(std::string_view what); // `what` is for the message: "a type"
  std::string expect_string();
  // The rest of the line up to a comment, as it stands.
  std::string_view rest_of_line();
  // The comment that ends the line of the last word that was taken, without # and blanks around it; empty where there
  // is none.
  std::string_view comment() const;
  size_t end_of_last() const { return taken_; } // the end of that word

  // A name, a number or a string in quotes.
  bool at_key(size_t ahead = 0) const;
  std::string expect_key(std::string_view what);

  Definitions* definitions() const { return definitions_; }
  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  // path:line:column: what.
  TextFault fault(const Word& word, const std::string& what) const;
  [[noreturn]] void fail(const Word& word, const std::string& what) const { throw TextError(fault(word, what)); }
  [[noreturn]] void fail(const std::string& what) const { fail(peek(), what); } // at the next word

private:
  friend class Nested;
  std::string_view text_;
  std::string path_;
  Definitions* definitions_;
  // Words are split off as they are wanted: kept all at once, they would take many times the memory of the text.
  Word split_off() const;
  mutable std::deque<Word> ahead_;
  mutable size_t split_ = 0; // up to here
  size_t taken_ = 0;         // the end of the last word
  size_t depth_ = 0;
};

// For its lifetime the reader is one level deeper. LibTorch and the readers recurse, so deep nesting would end in a
// crash.
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

// Reads items with commas between, up to `close`. One more comma at the end is allowed.
template <class Item> void comma_separated(Cursor& cursor, std::string_view close, const Item& item) {
  while (!cursor.skip(close)) {
    item();
    if (!cursor.at(close)) {
      cursor.expect(",");
    }
  }
}

} // namespace tsir::ir_text
