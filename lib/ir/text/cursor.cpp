#include "lib/ir/text/cursor.h"

#include "lib/ir/text/quoting.h"

namespace tsir::ir_text {
namespace {

// What a character can be. Words are split off in one step for each character, so this is looked up in a table.
enum CharacterKind : unsigned char { blank = 1, digit = 2, name_start = 4, name_part = 8 };

constexpr std::array<unsigned char, 256> character_kinds = [] {
  std::array<unsigned char, 256> kinds{};
  for (const char c : {' ', '\t', '\r', '\n', '\f'}) {
    kinds[static_cast<unsigned char>(c)] = blank;
  }
  for (unsigned char c = '0'; c <= '9'; ++c) {
    kinds[c] = digit | name_part;
  }
  for (unsigned char c = 0; c < 26; ++c) {
    kinds['a' + c] = name_start | name_part;
    kinds['A' + c] = name_start | name_part;
  }
  kinds['_'] = name_start | name_part;
  kinds['.'] = name_part;
  return kinds;
}();

bool is_a(CharacterKind kind, char c) {
  return (character_kinds[static_cast<unsigned char>(c)] & kind) != 0;
}

// Splits text into words. Each function returns the end of the word that begins at `start`.
class Splitter {
public:
  explicit Splitter(std::string_view text) : text_(text) {}

  size_t skip_blanks(size_t start) const {
    while (start < text_.size()) {
      if (text_[start] == '#') {
        start = std::min(text_.find('\n', start), text_.size());
      } else if (is_a(blank, text_[start])) {
        ++start;
      } else {
        break;
      }
    }
    return start;
  }

  // npos if the string is not terminated.
  size_t end_of_string(size_t start) const {
    for (size_t at = start + 1; at < text_.size(); ++at) {
      if (text_[at] == '\\') {
        ++at;
      } else if (text_[at] == text_[start]) {
        return at + 1;
      }
    }
    return std::string_view::npos;
  }

  size_t end_of_number(size_t start) const {
    size_t at = digits(start);
    if (here(at) == '.') {
      at = digits(at + 1);
    }
    if (here(at) == 'e' || here(at) == 'E') {
      const size_t exponent = here(at + 1) == '+' || here(at + 1) == '-' ? at + 2 : at + 1;
      at = is_a(digit, here(exponent)) ? digits(exponent) : at;
    }
    return here(at) == 'j' ? at + 1 : at;
  }

  size_t end_of_name(size_t start) const {
    while (is_a(name_part, here(start))) {
      ++start;
    }
    return start;
  }

  char here(size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

private:
  size_t digits(size_t at) const {
    while (is_a(digit, here(at))) {
      ++at;
    }
    return at;
  }

  std::string_view text_;
};

Word word_at(std::string_view text, size_t start) {
  const Splitter splitter(text);
  const char first = splitter.here(start);
  const auto word = [&](WordKind kind, size_t end) { return Word{kind, text.substr(start, end - start), start}; };
  if (first == '%') {
    return {WordKind::variable, text.substr(start + 1, splitter.end_of_name(start + 1) - start - 1), start};
  }
  if (first == '"' || first == '\'') {
    return word(WordKind::string, splitter.end_of_string(start));
  }
  if (is_a(digit, first) || (first == '.' && is_a(digit, splitter.here(start + 1)))) {
    return word(WordKind::number, splitter.end_of_number(start));
  }
  if (is_a(name_start, first)) {
    return word(WordKind::name, splitter.end_of_name(start));
  }
  return first == '-' && splitter.here(start + 1) == '>' ? word(WordKind::arrow, start + 2)
                                                         : word(WordKind::symbol, start + 1);
}

// The part of a line around a position, followed by a caret below that position.
std::string excerpt(std::string_view line, size_t place) {
  constexpr size_t most = 100;
  size_t start = place > most * 3 / 4 && line.size() > most ? place - most / 2 : 0;
  while (start > 0 && start < line.size() && (line[start] & 0xc0) == 0x80) { // within a UTF-8 character
    --start;
  }
  std::string shown(line.substr(std::min(start, line.size()), most));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c == '\t' || c == '\r'; }, ' ');
  const std::string_view before = std::string_view(shown).substr(0, place - start);
  const auto letters = std::ranges::count_if(before, [](char c) { return (c & 0xc0) != 0x80; });
  return fmt::format("  {}\n  {:>{}}", shown, '^', letters + 1);
}

size_t end_of(std::string_view text, const Word& word) {
  return static_cast<size_t>(word.text.data() - text.data()) + word.text.size();
}

} // namespace

Word Cursor::split_off() const {
  const Splitter splitter(text_);
  split_ = splitter.skip_blanks(split_);
  if (split_ == text_.size()) {
    return {WordKind::end, text_.substr(split_), split_};
  }
  const Word word = word_at(text_, split_);
  if (word.kind == WordKind::string && splitter.end_of_string(split_) == std::string_view::npos) {
    fail(word, "the string that begins here is not terminated");
  }
  split_ = end_of(text_, word);
  return word;
}

const Word& Cursor::split_until(size_t ahead) const {
  if (first_ == words_.size() || first_ > 1000) { // forget the words that were taken
    words_.erase(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  while (words_.size() - first_ <= ahead && (first_ == words_.size() || words_.back().kind != WordKind::end)) {
    words_.push_back(split_off());
  }
  return words_[std::min(first_ + ahead, words_.size() - 1)];
}

Word Cursor::next() {
  const Word word = peek();
  if (word.kind != WordKind::end) {
    ++first_;
    taken_ = end_of(text_, word);
  }
  return word;
}

Cursor Cursor::from(size_t offset) const {
  Cursor cursor(text_, path_, definitions_);
  cursor.split_ = offset;
  cursor.depth_ = depth_;
  return cursor;
}

void Cursor::go_to(size_t offset) {
  words_.clear();
  first_ = 0;
  split_ = offset;
}

bool Cursor::skip(std::string_view text) {
  if (!at(text)) {
    return false;
  }
  next();
  return true;
}

void Cursor::expect(std::string_view text) {
  if (!skip(text)) {
    fail(fmt::format("expected `{}`", text));
  }
}

std::string Cursor::expect_name(std::string_view what) {
  if (peek().kind != WordKind::name) {
    fail(fmt::format("expected {}", what));
  }
  return std::string(next().text);
}

bool Cursor::at_key(size_t ahead) const {
  const WordKind kind = peek(ahead).kind;
  return kind == WordKind::name || kind == WordKind::number || kind == WordKind::string;
}

std::string Cursor::expect_key(std::string_view what) {
  if (!at_key()) {
    fail(fmt::format("expected {}", what));
  }
  return peek().kind == WordKind::string ? expect_string() : std::string(next().text);
}

std::string Cursor::expect_string() {
  if (peek().kind != WordKind::string) {
    fail("expected a string in quotes");
  }
  return out_of_quotes(next().text);
}

std::string_view Cursor::rest_of_line() {
  const size_t start = peek().offset;
  size_t end = std::min(text_.find('\n', start), text_.size());
  end = std::min(text_.find(" # ", start), end);
  while (peek().kind != WordKind::end && peek().offset < end) {
    next();
  }
  return text_.substr(start, end - start);
}

std::string_view Cursor::comment() const {
  constexpr std::string_view blanks = " \t\r";
  const size_t start = text_.find_first_not_of(blanks, taken_);
  if (start == std::string_view::npos || text_[start] != '#') {
    return {};
  }
  const std::string_view line = text_.substr(start + 1, text_.find('\n', start) - start - 1);
  const size_t first = line.find_first_not_of(blanks);
  return first == std::string_view::npos ? line.substr(0, 0)
                                         : line.substr(first, line.find_last_not_of(blanks) + 1 - first);
}

// Counts from the last position on, because the positions mostly follow each other and there may be many.
size_t Cursor::line_of(size_t offset) const {
  if (offset < counted_) {
    counted_ = 0;
    line_ends_ = 0;
  }
  const std::string_view between = text_.substr(counted_, offset - counted_);
  line_ends_ += static_cast<size_t>(std::count(between.begin(), between.end(), '\n'));
  counted_ = offset;
  return line_ends_ + 1;
}

TextFault Cursor::fault(const Word& word, const std::string& what) const {
  const size_t line = line_of(word.offset);
  const size_t start = text_.substr(0, word.offset).rfind('\n') + 1; // npos + 1 is 0
  std::string found;
  if (what.starts_with("expected ")) {
    found = word.kind == WordKind::end ? ", and the text ends here"
                                       : fmt::format(", and found `{}`", one_line(word.text.substr(0, 60), 60));
  }
  return {path_, line, word.offset - start + 1, what + found,
          excerpt(text_.substr(start, std::min(text_.find('\n', start), text_.size()) - start), word.offset - start)};
}

Nested::Nested(Cursor& cursor) : cursor_(cursor) {
  constexpr size_t most = 1000;
  if (cursor.depth_ >= most) {
    cursor.fail(std::string(too_deep));
  }
  ++cursor.depth_;
}

} // namespace tsir::ir_text
