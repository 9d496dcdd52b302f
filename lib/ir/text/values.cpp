#include "lib/ir/text/values.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/ir/text/attributes.h"
#include "lib/ir/text/definitions.h"
#include "lib/ir/text/number_words.h"
#include "lib/ir/text/object_values.h"
#include "lib/ir/text/tensor_text.h"
#include "lib/ir/text/tensor_values.h"
#include "lib/ir/text/types.h"

#include <ATen/CPUGeneratorImpl.h>

#include <bit>
#include <charconv>

namespace tsir::ir_text {
namespace {

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
      return read_kept(cursor_, start, type, kept_);
    }
    if (cursor_.definitions() != nullptr && (cursor_.at("&") || cursor_.at("*"))) {
      return read_shared(cursor_, type, kept_);
    }
    if (number_begins(cursor_)) {
      return read_number(cursor_);
    }
    return named(start);
  }

private:
  std::vector<c10::IValue> elements(std::string_view close) {
    std::vector<c10::IValue> values;
    comma_separated(cursor_, close, [&] { values.push_back(value(nullptr)); });
    return values;
  }

  void check_element(const Word& start, const c10::IValue& value, const c10::TypePtr& type) {
    const c10::TypePtr found = element_type(value);
    if (!fits(found, type)) {
      cursor_.fail(start, fmt::format("a value of type {} among values of type {}", found->annotation_str(),
                                      type->annotation_str()));
    }
  }

  // `type` is the type of the list, or null.
  c10::IValue list(const Word& start, const c10::TypePtr& type) {
    return list_of(start, elements("]"), type, /*annotated=*/false);
  }

  c10::IValue list_of(const Word& start, const std::vector<c10::IValue>& values, const c10::TypePtr& type,
                      bool annotated) {
    const auto given = type ? type->cast<c10::ListType>() : nullptr;
    if (values.empty() && !given) {
      cursor_.fail(start, "the element type of an empty list is unknown: write annotate(List[int], [])");
    }
    c10::impl::GenericList list(annotated || values.empty() ? given->getElementType() : element_type(values[0]));
    list.reserve(values.size());
    for (const c10::IValue& value : values) {
      check_element(start, value, list.elementType());
      list.push_back(value);
    }
    return list;
  }

  // {1} is a tensor of one number; {"a": 1} is a dict.
  c10::IValue braces(const Word& start, const c10::TypePtr& type) {
    if (number_begins(cursor_)) {
      const std::string text = number_text(cursor_);
      if (cursor_.skip("}")) {
        const auto tensor = tensor_of_number(text, type);
        if (!tensor) {
          cursor_.fail(start, fmt::format("{{{}}} does not match the declared type", text));
        }
        return *tensor;
      }
      return dict(start, plain_number(cursor_, start, text), nullptr);
    }
    if (cursor_.skip("}")) {
      cursor_.fail(start, "the types of an empty dict are unknown: write annotate(Dict[str, int], {})");
    }
    return dict(start, value(nullptr), nullptr);
  }

  // Continues after the first key. If `type` is null, the first entry determines the types.
  c10::IValue dict(const Word& start, c10::IValue key, c10::DictTypePtr type) {
    cursor_.expect(":");
    c10::IValue item = value(nullptr);
    if (!type) {
      type = c10::DictType::create(element_type(key), element_type(item));
    }
    c10::impl::GenericDict dict(type->getKeyType(), type->getValueType());
    const auto add = [&] {
      check_element(start, key, type->getKeyType());
      check_element(start, item, type->getValueType());
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

  // torch.Generator(device="cpu", seed=4711)
  c10::IValue generator(const Word& start) {
    cursor_.next();
    cursor_.expect("(");
    cursor_.expect("device");
    cursor_.expect("=");
    const std::string device = cursor_.expect_string();
    cursor_.expect(",");
    cursor_.expect("seed");
    cursor_.expect("=");
    const int64_t seed = read_integer(cursor_);
    cursor_.expect(")");
    if (device != "cpu") {
      cursor_.fail(start, fmt::format("a generator on {}: only those on cpu can be read", device));
    }
    return at::detail::createCPUGenerator(static_cast<uint64_t>(seed));
  }

  c10::IValue named(const Word& start) {
    if (start.kind != WordKind::name) {
      cursor_.fail("expected a value");
    }
    if (start.text == "torch.Generator") { // also has named arguments, as a named tuple has
      return generator(start);
    }
    if (named_value_begins(cursor_)) {
      return read_named_value(cursor_, kept_);
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
      return read_tensor(cursor_, start);
    }
    if (start.text == "mkldnn" || start.text == "sparse_coo" || start.text == "sparse_csr") {
      return read_laid_out(cursor_, start, kept_);
    }
    if (start.text == "bits") {
      cursor_.expect("(");
      const std::string digits = cursor_.expect_string();
      cursor_.expect(")");
      uint64_t bits = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
      if (error != std::errc() || end != digits.data() + digits.size()) {
        cursor_.fail(start, "a float has up to 16 hexadecimal digits: bits(\"7ff8000000000001\")");
      }
      return std::bit_cast<double>(bits);
    }
    if (start.text == "view") {
      return read_view(cursor_, start, kept_);
    }
    if (start.text == "torch.device") {
      cursor_.expect("(");
      const c10::Device device(cursor_.expect_string());
      cursor_.expect(")");
      return device;
    }
    if (start.text == "object") {
      cursor_.fail(start, values_left_out());
    }
    cursor_.fail(start, fmt::format("{} is not a value", start.text));
  }

  Cursor& cursor_;
  const KeptConstants& kept_;
};

} // namespace

std::string values_left_out() {
  return fmt::format(
      "the values of this constant were left out; run the pass on the .pt itself, write the text with {} "
      "FILE.ir, which keeps them, or replace them with {}=zeros, ones or random:SEED",
      spelled(Setting::output), spelled(Setting::fill_constants));
}

c10::IValue read_value(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept) {
  return ValueReader(cursor, kept).value(type);
}

} // namespace tsir::ir_text
