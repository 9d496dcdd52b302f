#include "lib/input/value.h"

#include "lib/base/error.h"
#include "lib/ir/dtype_names.h"

#include <fmt/ranges.h>

namespace tsir {
namespace {

std::vector<InputValue> values_of(c10::ArrayRef<c10::IValue> elements) {
  std::vector<InputValue> values;
  values.reserve(elements.size());
  for (const c10::IValue& element : elements) {
    values.push_back(input_value_of(element));
  }
  return values;
}

struct Describe {
  std::string operator()(const InputNone&) const { return "None"; }
  std::string operator()(bool value) const { return value ? "bool true" : "bool false"; }
  std::string operator()(int64_t value) const { return fmt::format("int {}", value); }
  std::string operator()(double value) const { return fmt::format("float {}", value); }
  std::string operator()(const c10::complex<double>& value) const {
    return fmt::format("complex {}{:+}j", value.real(), value.imag());
  }
  std::string operator()(const std::string& value) const {
    return fmt::format("str {}", nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  std::string operator()(const TensorText& value) const {
    return fmt::format("{}[{}]", dtype_name(value.dtype), fmt::join(value.sizes, ","));
  }
  std::string operator()(const at::Tensor& value) const { return tensor_title(value); }
  std::string operator()(const InputList& value) const { return fmt::format("a list of {}", value.elements.size()); }
  std::string operator()(const InputTuple& value) const { return fmt::format("a tuple of {}", value.elements.size()); }
  std::string operator()(const InputDict& value) const { return fmt::format("a dict of {}", value.entries.size()); }
};

} // namespace

std::string describe(const InputValue& value) {
  return one_line(std::visit(Describe{}, value.value), 120);
}

InputValue input_value_of(const c10::IValue& value) {
  if (value.isNone()) {
    return {InputNone{}};
  }
  if (value.isTensor()) {
    return {value.toTensor()};
  }
  if (value.isBool()) {
    return {value.toBool()};
  }
  if (value.isInt()) {
    return {value.toInt()};
  }
  if (value.isDouble()) {
    return {value.toDouble()};
  }
  if (value.isComplexDouble()) {
    return {value.toComplexDouble()};
  }
  if (value.isString()) {
    return {value.toStringRef()};
  }
  if (value.isDevice()) {
    return {value.toDevice().str()};
  }
  if (value.isTuple()) {
    return {InputTuple{values_of(value.toTupleRef().elements())}};
  }
  if (value.isList()) {
    return {InputList{values_of(value.toListRef())}};
  }
  if (value.isGenericDict()) {
    InputDict dict;
    for (const auto& entry : value.toGenericDict()) {
      dict.entries.push_back({input_value_of(entry.key()), input_value_of(entry.value())});
    }
    return {std::move(dict)};
  }
  throw Error(ErrorKind::usage,
              fmt::format("an input of type {} is not plain data: only tensors, numbers, strings, lists, "
                          "tuples and dicts can be given",
                          value.tagKind()));
}

} // namespace tsir
