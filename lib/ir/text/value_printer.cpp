#include "lib/ir/text/attributes.h"
#include "lib/ir/text/numbers.h"
#include "lib/ir/text/printer.h"
#include "lib/ir/text/quoting.h"
#include "lib/ir/text/tensor_text.h"

#include <ATen/core/enum_type.h>

namespace tsir::ir_text {
namespace {

class ValuePrinter {
public:
  explicit ValuePrinter(const KeepConstant& keep) : keep_(keep) {}

  std::string text(const c10::IValue& value, const c10::TypePtr& type = nullptr) const {
    if (value.isTensor()) {
      return tensor(value.toTensor(), type);
    }
    if (value.isDouble()) {
      return double_text(value.toDouble());
    }
    if (value.isComplexDouble()) {
      return complex_text(value.toComplexDouble());
    }
    if (value.isBool()) {
      return value.toBool() ? "True" : "False";
    }
    if (value.isInt()) {
      return fmt::format("{}", value.toInt());
    }
    if (value.isString()) {
      return in_quotes(value.toStringRef());
    }
    return value.isNone() ? "None" : compound(value);
  }

private:
  std::string compound(const c10::IValue& value) const {
    if (value.isTuple()) {
      const auto& elements = value.toTupleRef().elements();
      return fmt::format("({}{})", all(elements), elements.size() == 1 ? "," : "");
    }
    if (value.isList()) {
      return list(value);
    }
    if (value.isGenericDict()) {
      return dict(value);
    }
    if (value.isDevice()) {
      return fmt::format("torch.device({})", in_quotes(value.toDevice().str()));
    }
    if (value.isEnum()) {
      return fmt::format("{}.{}", value.toEnumHolder()->qualifiedClassName(), value.toEnumHolder()->name());
    }
    return value.isObject() ? object(value) : fmt::format("<{}>", value.tagKind());
  }

  template <class Values> std::string all(const Values& values) const {
    std::string joined;
    for (const c10::IValue& value : values) {
      joined += (joined.empty() ? "" : ", ") + text(value);
    }
    return joined;
  }

  std::string list(const c10::IValue& value) const {
    const auto values = value.toListRef();
    const c10::TypePtr type = value.toList().elementType();
    if (!keep_ && type->kind() == c10::TypeKind::TensorType && left_out(values)) {
      return "[<Tensors>]";
    }
    const bool told =
        !values.empty() && c10::elementTypeCanBeInferredFromMembers(type) && *element_type(values[0]) == *type;
    const std::string written = fmt::format("[{}]", all(values));
    return told ? written : fmt::format("annotate({}, {})", value.type()->annotation_str(), written);
  }

  static bool left_out(c10::ArrayRef<c10::IValue> values) {
    return std::any_of(values.begin(), values.end(), [](const c10::IValue& value) {
      return value.isTensor() && value.toTensor().defined() && !small_tensor_text(value.toTensor(), nullptr);
    });
  }

  std::string dict(const c10::IValue& value) const {
    const auto entries = value.toGenericDict();
    std::string written;
    for (const auto& entry : entries) {
      written += fmt::format("{}{}: {}", written.empty() ? "" : ", ", text(entry.key()), text(entry.value()));
    }
    const bool told = !entries.empty() && c10::elementTypeCanBeInferredFromMembers(entries.valueType()) &&
                      *element_type(entries.begin()->key()) == *entries.keyType() &&
                      *element_type(entries.begin()->value()) == *entries.valueType();
    return told ? fmt::format("{{{}}}", written)
                : fmt::format("annotate({},{{{}}})", value.type()->annotation_str(), written);
  }

  std::string tensor(const at::Tensor& tensor, const c10::TypePtr& type) const {
    if (!tensor.defined()) {
      return "tensor(undefined)";
    }
    if (auto small = small_tensor_text(tensor, type)) {
      return *small;
    }
    if (tensor.is_mkldnn() && tensor.numel() == 1) { // the text cannot be read: its node's kind says so
      std::ostringstream number;
      number << tensor.to_dense().item().toDouble();
      return fmt::format("{{{}}}", number.str());
    }
    const std::string name = keep_ ? keep_(tensor) : "";
    if (name.empty()) {
      return "<Tensor>";
    }
    return tensor.device().is_cpu() ? fmt::format("<Tensor {}>", name)
                                    : fmt::format("<Tensor {}, {}>", name, tensor.device().str());
  }

  std::string object(const c10::IValue& value) const {
    const std::string name = keep_ ? keep_(value) : "";
    return name.empty() ? fmt::format("object({})", static_cast<const void*>(&value.toObjectRef()))
                        : fmt::format("<Object {}>", name);
  }

  const KeepConstant& keep_;
};

} // namespace

std::string value_text(const c10::IValue& value, const c10::TypePtr& type, const KeepConstant& keep) {
  return ValuePrinter(keep).text(value, type);
}

} // namespace tsir::ir_text
