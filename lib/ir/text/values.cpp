#include "lib/ir/text/values.h"

#include "lib/core/error.h"
#include "lib/ir/text/attributes.h"
#include "lib/ir/text/numbers.h"
#include "lib/ir/text/tensor_text.h"
#include "lib/ir/text/types.h"

namespace tsir::ir_text {
namespace {

constexpr const char* left_out =
    " stands for a constant whose values were left out; run the pass on the .pt itself, or write the text with -o "
    "FILE.ir, which keeps them";

class ValueReader {
public:
  ValueReader(Cursor& cursor, const KeptConstants& kept) : cursor_(cursor), kept_(kept) {}

  c10::IValue value(const c10::TypePtr& type) {
    const Nested nested(cursor_);
    const Word start = cursor_.peek();
    if (start.kind == WordKind::string) {
      return cursor_.expect_string();
    }
    if (cursor_.skip("[")) {
      return list(start, type);
    }
    if (cursor_.skip("(")) {
      return c10::ivalue::Tuple::create(elements(")"));
    }
    if (cursor_.skip("{")) {
      return braces(start, type);
    }
    if (cursor_.skip("<")) {
      return kept(start);
    }
    if (number_begins()) {
      return number(start);
    }
    return named(start);
  }

private:
  std::vector<c10::IValue> elements(std::string_view close) {
    std::vector<c10::IValue> values;
    comma_separated(cursor_, close, [&] { values.push_back(value(nullptr)); });
    return values;
  }

  void check_element(const Word& start, const c10::IValue& value, const c10::Type& type) {
    const c10::TypePtr found = element_type(value);
    if (!found->isSubtypeOf(type)) {
      cursor_.fail(start, fmt::format("a value of type {} among those of type {}", found->annotation_str(),
                                      type.annotation_str()));
    }
  }

  // `type`: the list's, or null.
  c10::IValue list(const Word& start, const c10::TypePtr& type) {
    return list_of(start, elements("]"), type, /*annotated=*/false);
  }

  c10::IValue list_of(const Word& start, const std::vector<c10::IValue>& values, const c10::TypePtr& type,
                      bool annotated) {
    const auto given = type ? type->cast<c10::ListType>() : nullptr;
    if (values.empty() && !given) {
      cursor_.fail(start, "what the empty list holds is not known: write annotate(List[int], [])");
    }
    c10::impl::GenericList list(annotated || values.empty() ? given->getElementType() : element_type(values[0]));
    list.reserve(values.size());
    for (const c10::IValue& value : values) {
      check_element(start, value, *list.elementType());
      list.push_back(value);
    }
    return list;
  }

  // {1}, a tensor of one number; or {"a": 1}, a dict.
  c10::IValue braces(const Word& start, const c10::TypePtr& type) {
    if (number_begins()) {
      const std::string text = number_text();
      if (cursor_.skip("}")) {
        const auto tensor = tensor_of_number(text, type);
        if (!tensor) {
          cursor_.fail(start, fmt::format("{{{}}} does not fit the type beside it", text));
        }
        return *tensor;
      }
      return dict(start, plain_number(start, text), nullptr);
    }
    if (cursor_.skip("}")) {
      cursor_.fail(start, "what the empty dict holds is not known: write annotate(Dict[str, int], {})");
    }
    return dict(start, value(nullptr), nullptr);
  }

  // After its first key. `type` is null where the first entry tells the types.
  c10::IValue dict(const Word& start, c10::IValue key, c10::DictTypePtr type) {
    cursor_.expect(":");
    c10::IValue item = value(nullptr);
    if (!type) {
      type = c10::DictType::create(element_type(key), element_type(item));
    }
    c10::impl::GenericDict dict(type->getKeyType(), type->getValueType());
    const auto add = [&] {
      check_element(start, key, *type->getKeyType());
      check_element(start, item, *type->getValueType());
      dict.insert_or_assign(key, item);
    };
    add();
    while (!cursor_.skip("}")) {
      cursor_.expect(",");
      key = value(nullptr);
      cursor_.expect(":");
      item = value(nullptr);
      add();
    }
    return dict;
  }

  // annotate(List[int], [])
  c10::IValue annotated(const Word& start) {
    cursor_.expect("(");
    const c10::TypePtr type = read_type(cursor_);
    cursor_.expect(",");
    c10::IValue result;
    if (type->kind() == c10::TypeKind::ListType && cursor_.skip("[")) {
      result = list_of(start, elements("]"), type, /*annotated=*/true);
    } else if (const auto dict_type = type->cast<c10::DictType>(); dict_type && cursor_.skip("{")) {
      result = cursor_.skip("}")
                   ? c10::IValue(c10::impl::GenericDict(dict_type->getKeyType(), dict_type->getValueType()))
                   : dict(start, value(nullptr), dict_type);
    } else {
      result = value(type);
    }
    cursor_.expect(")");
    return result;
  }

  bool number_begins() const {
    const size_t ahead = cursor_.at("-") ? 1 : 0;
    return cursor_.peek(ahead).kind == WordKind::number || cursor_.at("inf", ahead) || cursor_.at("nan", ahead) ||
           cursor_.at("infj", ahead) || cursor_.at("nanj", ahead);
  }

  std::string number_text() {
    const std::string sign = cursor_.skip("-") ? "-" : "";
    return sign + std::string(cursor_.next().text);
  }

  double real_number(const Word& start, const std::string& text) {
    const auto number = double_of(text);
    if (!number) {
      cursor_.fail(start, fmt::format("{} is no number of 64 bits", text));
    }
    return *number;
  }

  c10::IValue plain_number(const Word& start, const std::string& text) {
    if (!is_integer_text(text)) {
      return real_number(start, text);
    }
    const auto number = integer_of(text);
    if (!number) {
      cursor_.fail(start, fmt::format("{} is no integer of 64 bits", text));
    }
    return *number;
  }

  // 1, 1.5, 2j or 1.+2.j
  c10::IValue number(const Word& start) {
    const std::string text = number_text();
    if (text.ends_with('j')) {
      return c10::complex<double>(0, real_number(start, text.substr(0, text.size() - 1)));
    }
    const std::string_view second = cursor_.peek(1).text;
    if ((cursor_.at("+") || cursor_.at("-")) && second.ends_with('j')) {
      const std::string sign = cursor_.next().text == "-" ? "-" : "";
      cursor_.next();
      return c10::complex<double>(real_number(start, text),
                                  real_number(start, sign + std::string(second.substr(0, second.size() - 1))));
    }
    return plain_number(start, text);
  }

  // tensor(Float(2, 2), [1, 2.5, 3, 4]) or tensor(undefined)
  c10::IValue tensor(const Word& start) {
    cursor_.expect("(");
    if (cursor_.skip("undefined")) {
      cursor_.expect(")");
      return at::Tensor();
    }
    const auto type = read_type(cursor_)->cast<c10::TensorType>();
    const auto sizes = type ? type->sizes().concrete_sizes() : std::nullopt;
    const auto dtype = type ? type->scalarType() : std::nullopt;
    if (!sizes || !dtype) {
      cursor_.fail(start, "a tensor needs its dtype and sizes: tensor(Float(2, 2), [1, 2, 3, 4])");
    }
    cursor_.expect(",");
    cursor_.expect("[");
    std::vector<std::string> numbers;
    comma_separated(cursor_, "]", [&] {
      if (!number_begins()) {
        cursor_.fail("expected a number");
      }
      numbers.push_back(number_text());
    });
    cursor_.expect(")");
    auto tensor = tensor_of_numbers(*dtype, *sizes, numbers);
    if (!tensor) {
      cursor_.fail(start, fmt::format("the {} numbers do not fit the tensor's dtype and sizes", numbers.size()));
    }
    return *tensor;
  }

  // <Tensor NAME>, <Tensor NAME, cuda:0> or <Object NAME>: named, and kept elsewhere.
  c10::IValue kept(const Word& start) {
    const std::string what = cursor_.expect_name("Tensor");
    if (cursor_.skip(">")) {
      cursor_.fail(start, fmt::format("<{}>{}", what, left_out));
    }
    const std::string name = cursor_.expect_name("a constant's name");
    std::string device;
    if (cursor_.skip(",")) {
      device = cursor_.expect_name("a device");
      if (cursor_.skip(":")) {
        device += fmt::format(":{}", read_integer(cursor_));
      }
    }
    cursor_.expect(">");
    try {
      const c10::IValue value = kept_(name);
      return device.empty() || !value.isTensor() ? value : c10::IValue(value.toTensor().to(c10::Device(device)));
    } catch (const std::exception& error) {
      cursor_.fail(start, one_line(error));
    }
  }

  c10::IValue named(const Word& start) {
    if (start.kind != WordKind::name) {
      cursor_.fail("expected a value");
    }
    cursor_.next();
    if (start.text == "True" || start.text == "False") {
      return start.text == "True";
    }
    if (start.text == "None") {
      return {};
    }
    if (start.text == "annotate") {
      return annotated(start);
    }
    if (start.text == "tensor") {
      return tensor(start);
    }
    if (start.text == "torch.device") {
      cursor_.expect("(");
      const c10::Device device(cursor_.expect_string());
      cursor_.expect(")");
      return device;
    }
    if (start.text == "object") {
      cursor_.fail(start, fmt::format("object(…){}", left_out));
    }
    cursor_.fail(start, fmt::format("{} is no value", start.text));
  }

  Cursor& cursor_;
  const KeptConstants& kept_;
};

} // namespace

c10::IValue read_value(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept) {
  return ValueReader(cursor, kept).value(type);
}

} // namespace tsir::ir_text
