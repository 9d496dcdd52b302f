// The grammar of --input: a small recursive-descent parser. Blanks are free everywhere but inside words and numbers.
#include "lib/core/error.h"
#include "lib/model/dtype_names.h"
#include "lib/model/input_value.h"

#include <charconv>

namespace tsir {
namespace {

constexpr int deepest = 200; // nested brackets: far beyond any model's types

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool in_word(char c) {
  return starts_word(c) || is_digit(c) || c == '.';
}

class Parser {
public:
  explicit Parser(std::string_view text) : text_(text) {}

  InputValue whole() {
    InputValue value = any();
    skip_blanks();
    if (at_ != text_.size()) {
      fail("expected the end");
    }
    return value;
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::usage, fmt::format("cannot read input `{}`: {} at column {}", one_line(text_, 200), what,
                                              std::min(at_, text_.size()) + 1));
  }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) {
      ++at_;
    }
  }
  char peek() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) {
      return false;
    }
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) {
      fail(fmt::format("expected `{}`", c));
    }
  }

  InputValue any();
  std::vector<InputValue> sequence(char close);
  InputValue tuple();
  InputValue dict();
  std::string quoted();
  char32_t code_point(int digits);
  InputValue number();
  c10::Scalar plain_number();
  InputValue word();
  InputValue tensor(at::ScalarType dtype);
  void fill(TensorText& tensor);
  void literal(TensorText& tensor);

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
};

InputValue Parser::any() {
  if (++depth_ > deepest) {
    fail("brackets are nested too deeply");
  }
  InputValue value;
  const char c = peek();
  if (c == '[') {
    ++at_;
    value.value = InputList{sequence(']')};
  } else if (c == '(') {
    ++at_;
    value = tuple();
  } else if (c == '{') {
    ++at_;
    value = dict();
  } else if (c == '"' || c == '\'') {
    value.value = quoted();
  } else if (is_digit(c) || c == '-' || c == '+' || c == '.') {
    value = number();
  } else if (starts_word(c)) {
    value = word();
  } else {
    fail(c == '\0' ? "expected a value" : "expected a value such as float32[1,3], 10, true, None, \"text\" or [..]");
  }
  --depth_;
  return value;
}

std::vector<InputValue> Parser::sequence(char close) {
  std::vector<InputValue> elements;
  while (!take(close)) {
    elements.push_back(any());
    if (!take(',')) {
      expect(close);
      break;
    }
  }
  return elements;
}

// `(x)` is x, as in Python; `(x,)` is a tuple of one.
InputValue Parser::tuple() {
  const size_t open = at_;
  std::vector<InputValue> elements = sequence(')');
  const auto inside = text_.substr(open, at_ - open - 1);
  const auto last = inside.find_last_not_of(" \t\r\n");
  if (elements.size() == 1 && inside[last] != ',') {
    return std::move(elements.front());
  }
  return {InputTuple{std::move(elements)}};
}

InputValue Parser::dict() {
  InputDict dict;
  while (!take('}')) {
    InputValue key = any();
    expect(':');
    dict.entries.emplace_back(std::move(key), any());
    if (!take(',')) {
      expect('}');
      break;
    }
  }
  return {std::move(dict)};
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

char32_t Parser::code_point(int digits) {
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

std::string Parser::quoted() {
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
      fail("no such escape: use \\n \\t \\r \\0 \\\\ \\\" \\' \\xNN \\uNNNN");
    }
  }
  if (at_ == text_.size()) {
    fail("the string has no end quote");
  }
  ++at_;
  return out;
}

// One real number: an integer where it is written as one.
c10::Scalar Parser::plain_number() {
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

InputValue make_number(const c10::Scalar& number) {
  return number.isIntegral(false) ? InputValue{number.to<int64_t>()} : InputValue{number.to<double>()};
}

InputValue Parser::number() {
  const c10::Scalar first = plain_number();
  const char next = at_ < text_.size() ? text_[at_] : '\0';
  if (next == 'j') {
    ++at_;
    return {c10::complex<double>(0, first.to<double>())};
  }
  if (next == '+' || next == '-') {
    const c10::Scalar second = plain_number();
    if (at_ < text_.size() && text_[at_] == 'j') {
      ++at_;
      return {c10::complex<double>(first.to<double>(), second.to<double>())};
    }
    fail("expected `j`, as in 1+2j");
  }
  return make_number(first);
}

InputValue Parser::word() {
  const size_t start = at_;
  while (at_ < text_.size() && in_word(text_[at_])) {
    ++at_;
  }
  const std::string_view name = text_.substr(start, at_ - start);
  if (name == "true" || name == "True") {
    return {true};
  }
  if (name == "false" || name == "False") {
    return {false};
  }
  if (name == "None" || name == "null" || name == "none") {
    return {InputNone{}};
  }
  if (name == "inf" || name == "nan") {
    return {name == "inf" ? double{INFINITY} : double{NAN}};
  }
  if (name.starts_with("torch.")) {
    if (const auto dtype = dtype_by_name(name.substr(6))) {
      return {static_cast<int64_t>(*dtype)}; // TorchScript's schemas say int where Python says torch.dtype
    }
  }
  if (const auto dtype = dtype_by_name(name); dtype && peek() == '[') {
    return tensor(*dtype);
  }
  const bool brackets = peek() == '[';
  at_ = start;
  if (dtype_by_name(name)) {
    fail(fmt::format("a tensor needs a shape, as in {}[1,3]; {}[] for one number", name, name));
  }
  if (brackets) {
    fail(fmt::format("no dtype \"{}\" (there are {})", name, known_dtypes()));
  }
  fail(fmt::format("`{}` is no value; a string needs quotes: '\"{}\"'", name, name));
}

InputValue Parser::tensor(at::ScalarType dtype) {
  TensorText tensor{dtype, {}, "", {}};
  expect('[');
  while (!take(']')) {
    const size_t start = at_;
    const c10::Scalar size = plain_number();
    if (!size.isIntegral(false) || size.to<int64_t>() < 0) {
      at_ = start;
      fail("expected a size, an integer of 0 or more");
    }
    tensor.sizes.push_back(size.to<int64_t>());
    if (!take(',')) {
      expect(']');
      break;
    }
  }
  if (take('=')) {
    fill(tensor);
  }
  return {std::move(tensor)};
}

void Parser::fill(TensorText& tensor) {
  const char c = peek();
  if (c == '[' || is_digit(c) || c == '-' || c == '+' || c == '.') {
    tensor.fill = "values";
    literal(tensor);
    return;
  }
  const size_t start = at_;
  while (at_ < text_.size() && in_word(text_[at_])) {
    ++at_;
  }
  tensor.fill = text_.substr(start, at_ - start);
  if (tensor.fill == "true" || tensor.fill == "false" || tensor.fill == "True" || tensor.fill == "False") {
    tensor.numbers = {c10::Scalar(tensor.fill.front() == 't' || tensor.fill.front() == 'T')};
    tensor.fill = "values";
    return;
  }
  if (take('(')) {
    while (!take(')')) {
      literal(tensor);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
  }
}

// Numbers and bools in brackets of any depth, flattened: how many there must be is the shape's business.
void Parser::literal(TensorText& tensor) {
  if (++depth_ > deepest) {
    fail("brackets are nested too deeply");
  }
  if (take('[')) {
    while (!take(']')) {
      literal(tensor);
      if (!take(',')) {
        expect(']');
        break;
      }
    }
  } else if (starts_word(peek()) && peek() != 'i' && peek() != 'n') {
    const InputValue value = word();
    const bool* flag = std::get_if<bool>(&value.value);
    if (flag == nullptr) {
      fail("expected a number");
    }
    tensor.numbers.emplace_back(*flag);
  } else {
    tensor.numbers.push_back(plain_number());
  }
  --depth_;
}

} // namespace

InputValue parse_input_value(std::string_view text) {
  return Parser(text).whole();
}

std::string take_argument_name(std::string_view& text) {
  size_t at = 0;
  while (at < text.size() && is_blank(text[at])) {
    ++at;
  }
  const size_t start = at;
  while (at < text.size() && (starts_word(text[at]) || (at > start && is_digit(text[at])))) {
    ++at;
  }
  const size_t end = at;
  while (at < text.size() && is_blank(text[at])) {
    ++at;
  }
  if (end == start || at == text.size() || text[at] != '=') {
    return "";
  }
  std::string name(text.substr(start, end - start));
  text.remove_prefix(at + 1);
  return name;
}

} // namespace tsir
