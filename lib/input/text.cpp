// Parses the grammar of input texts: a small recursive-descent parser based on InputLexer.
#include "lib/base/error.h"
#include "lib/input/fill.h"
#include "lib/input/lexer.h"
#include "lib/input/value.h"
#include "lib/ir/dtype_names.h"

#include <cmath>

namespace tsir {
namespace {

constexpr int deepest = 200; // nested brackets: far deeper than the types of any model

class Parser {
public:
  explicit Parser(std::string_view text) : in_(text) {}

  InputValue whole() {
    InputValue value = any();
    if (!in_.at_end()) {
      in_.fail("expected the end");
    }
    return value;
  }

private:
  void enter();
  InputValue any();
  std::vector<InputValue> sequence(char close);
  InputValue tuple();
  InputValue dict();
  InputValue number();
  InputValue word();
  [[noreturn]] void refuse_word(std::string_view name, bool brackets);
  InputValue tensor(at::ScalarType dtype);
  void fill(TensorText& tensor);
  void named_fill(TensorText& tensor, std::string_view name, size_t start);
  void arguments(TensorText& tensor, char close);
  void literal(TensorText& tensor);

  InputLexer in_;
  int depth_ = 0;
};

void Parser::enter() {
  if (++depth_ > deepest) {
    in_.fail("brackets are nested too deeply");
  }
}

InputValue Parser::any() {
  enter();
  InputValue value;
  const char c = in_.peek();
  if (in_.take('[')) {
    value.value = InputList{sequence(']')};
  } else if (in_.take('(')) {
    value = tuple();
  } else if (in_.take('{')) {
    value = dict();
  } else if (c == '"' || c == '\'') {
    value.value = in_.quoted();
  } else if (starts_number(c)) {
    value = number();
  } else if (starts_word(c)) {
    value = word();
  } else {
    in_.fail(in_.at_end() ? "expected a value"
                          : "expected a value such as float32[1,3], 10, true, None, \"text\" or [..]");
  }
  --depth_;
  return value;
}

std::vector<InputValue> Parser::sequence(char close) {
  std::vector<InputValue> elements;
  while (!in_.take(close)) {
    elements.push_back(any());
    if (!in_.take(',')) {
      in_.expect(close);
      break;
    }
  }
  return elements;
}

// `(x)` is x, as in Python; `(x,)` is a tuple of one.
InputValue Parser::tuple() {
  const size_t open = in_.position();
  std::vector<InputValue> elements = sequence(')');
  std::string_view inside = in_.since(open);
  inside.remove_suffix(1);
  while (!inside.empty() && is_blank(inside.back())) {
    inside.remove_suffix(1);
  }
  if (elements.size() == 1 && inside.back() != ',') {
    return std::move(elements.front());
  }
  return {InputTuple{std::move(elements)}};
}

InputValue Parser::dict() {
  InputDict dict;
  while (!in_.take('}')) {
    InputValue key = any();
    in_.expect(':');
    dict.entries.push_back({std::move(key), any()});
    if (!in_.take(',')) {
      in_.expect('}');
      break;
    }
  }
  return {std::move(dict)};
}

// A real number, or a complex number in Python syntax: `2j`, `1+2j`.
InputValue Parser::number() {
  const c10::Scalar first = in_.number();
  if (in_.next() == 'j') {
    in_.expect('j');
    return {c10::complex<double>(0, first.to<double>())};
  }
  if (in_.next() == '+' || in_.next() == '-') {
    const c10::Scalar second = in_.number();
    if (in_.next() != 'j') {
      in_.fail("expected `j`, as in 1+2j");
    }
    in_.expect('j');
    return {c10::complex<double>(first.to<double>(), second.to<double>())};
  }
  return first.isIntegral(false) ? InputValue{first.to<int64_t>()} : InputValue{first.to<double>()};
}

InputValue Parser::word() {
  in_.peek();
  const size_t start = in_.position();
  const std::string_view name = in_.word();
  if (name == "true" || name == "True") {
    return {true};
  }
  if (name == "false" || name == "False") {
    return {false};
  }
  if (name == "None" || name == "none" || name == "null") {
    return {InputNone{}};
  }
  if (name == "inf" || name == "nan") {
    return {name == "inf" ? double{INFINITY} : double{NAN}};
  }
  if (name.starts_with("torch.")) {
    if (const auto dtype = dtype_by_name(name.substr(6))) {
      return {static_cast<int64_t>(*dtype)}; // TorchScript schemas use int for Python's torch.dtype
    }
  }
  const bool brackets = in_.peek() == '[';
  if (const auto dtype = dtype_by_name(name); dtype && brackets) {
    return tensor(*dtype);
  }
  in_.go_back(start);
  refuse_word(name, brackets);
}

void Parser::refuse_word(std::string_view name, bool brackets) {
  if (dtype_by_name(name)) {
    in_.fail(fmt::format("a tensor needs a shape, as in {}[1,3]; {}[] for one number", name, name));
  }
  if (brackets) {
    in_.fail(fmt::format("unknown dtype \"{}\" (known: {})", name, known_dtypes()));
  }
  in_.fail(fmt::format("`{}` is not a value; a string needs quotes: '\"{}\"'", name, name));
}

InputValue Parser::tensor(at::ScalarType dtype) {
  TensorText tensor{dtype, {}, nullptr, {}};
  in_.expect('[');
  while (!in_.take(']')) {
    in_.peek();
    const size_t start = in_.position();
    const c10::Scalar size = in_.number();
    if (!size.isIntegral(false) || size.to<int64_t>() < 0) {
      in_.go_back(start);
      in_.fail("expected a size, an integer of 0 or more");
    }
    tensor.sizes.push_back(size.to<int64_t>());
    if (!in_.take(',')) {
      in_.expect(']');
      break;
    }
  }
  if (in_.take('=')) {
    fill(tensor);
  }
  return {std::move(tensor)};
}

// A name, optionally with numbers in parentheses, or the values themselves.
void Parser::fill(TensorText& tensor) {
  const char c = in_.peek();
  const size_t start = in_.position();
  if (c != '[' && !starts_number(c)) {
    const std::string_view name = in_.word();
    if (name.empty()) {
      in_.fail(fmt::format("expected a fill ({})", fill_forms()));
    }
    if (name != "true" && name != "false" && name != "True" && name != "False") {
      if (in_.take('(')) {
        arguments(tensor, ')');
      }
      named_fill(tensor, name, start);
      return;
    }
  }
  in_.go_back(start);
  tensor.fill = &values_fill();
  literal(tensor);
}

void Parser::named_fill(TensorText& tensor, std::string_view name, size_t start) {
  try {
    tensor.fill = &find_fill(name, tensor.numbers.size());
  } catch (const Error& error) {
    in_.go_back(start);
    in_.fail(error.what());
  }
}

void Parser::arguments(TensorText& tensor, char close) {
  while (!in_.take(close)) {
    literal(tensor);
    if (!in_.take(',')) {
      in_.expect(close);
      break;
    }
  }
}

// Numbers and bools in brackets of any depth, flattened. The shape determines the required number.
void Parser::literal(TensorText& tensor) {
  enter();
  if (in_.take('[')) {
    arguments(tensor, ']');
  } else if (const char c = in_.peek(); starts_word(c) && c != 'i' && c != 'n') { // inf and nan are numbers
    const InputValue value = word();
    const bool* flag = std::get_if<bool>(&value.value);
    if (flag == nullptr) {
      in_.fail("expected a number");
    }
    tensor.numbers.emplace_back(*flag);
  } else {
    tensor.numbers.push_back(in_.number());
  }
  --depth_;
}

} // namespace

InputValue parse_input_value(std::string_view text) {
  return Parser(text).whole();
}

std::string take_argument_name(std::string_view& text) {
  InputLexer in(text);
  if (!starts_word(in.peek())) {
    return "";
  }
  const std::string_view name = in.word();
  if (name.find('.') != std::string_view::npos || !in.take('=')) {
    return "";
  }
  text.remove_prefix(in.position());
  return std::string(name);
}

} // namespace tsir
