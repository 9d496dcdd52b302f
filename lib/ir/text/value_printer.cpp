#include "lib/base/error.h"
#include "lib/base/setting.h"
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
  ValuePrinter(Lossless* lossless, size_t level) : lossless_(lossless), level_(level) {}

  std::string text(const c10::IValue& value, const c10::TypePtr& type = nullptr) {
    if (lossless_ == nullptr) {
      return unmarked(value, type);
    }
    std::string reference = lossless_->shared.reference(value);
    if (!reference.empty()) {
      return reference;
    }
    const std::string mark = lossless_->shared.mark(value); // before its contents, which may refer to it
    return mark + unmarked(value, type);
  }

private:
  std::string unmarked(const c10::IValue& value, const c10::TypePtr& type) {
    if (value.isTensor()) {
      return tensor(value.toTensor(), type);
    }
    if (value.isDouble()) {
      return lossless_ != nullptr ? exact_double_text(value.toDouble()) : double_text(value.toDouble());
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

  std::string compound(const c10::IValue& value) {
    if (value.isTuple()) {
      return tuple(value.toTupleRef());
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
    if (value.isGenerator()) {
      return fmt::format("torch.Generator(device={}, seed={})", in_quotes(value.toGenerator().device().str()),
                         static_cast<int64_t>(value.toGenerator().current_seed()));
    }
    if (value.isEnum()) {
      return fmt::format("{}.{}", value.toEnumHolder()->qualifiedClassName(), value.toEnumHolder()->name());
    }
    return value.isObject() ? object(value) : without_text(value.tagKind());
  }

  template <class Values> std::string all(const Values& values) {
    std::string joined;
    for (const c10::IValue& value : values) {
      joined += (joined.empty() ? "" : ", ") + text(value);
    }
    return joined;
  }

  std::string tuple(const c10::ivalue::Tuple& tuple) {
    const auto& elements = tuple.elements();
    const auto type = lossless_ != nullptr ? tuple.type<c10::TupleType>() : nullptr;
    if (!type || !type->name() || !type->schema() || elements.empty()) {
      return fmt::format("({}{})", all(elements), elements.size() == 1 ? "," : "");
    }
    std::string fields;
    for (size_t i = 0; i < elements.size(); ++i) {
      fields += fmt::format("{}{}={}", i > 0 ? ", " : "", type->schema()->arguments()[i].name(), text(elements[i]));
    }
    return fmt::format("{}({})", type->name()->qualifiedName(), fields);
  }

  std::string list(const c10::IValue& value) {
    const auto values = value.toListRef();
    const c10::TypePtr type = value.toList().elementType();
    if (lossless_ == nullptr && type->kind() == c10::TypeKind::TensorType && left_out(values)) {
      return "[<Tensors>]";
    }
    const bool inferable =
        !values.empty() && c10::elementTypeCanBeInferredFromMembers(type) && *element_type(values[0]) == *type;
    const std::string written = fmt::format("[{}]", all(values));
    return inferable ? written : fmt::format("annotate({}, {})", value.type()->annotation_str(), written);
  }

  static bool left_out(c10::ArrayRef<c10::IValue> values) {
    return std::any_of(values.begin(), values.end(), [](const c10::IValue& value) {
      return value.isTensor() && value.toTensor().defined() && !small_tensor_text(value.toTensor(), nullptr);
    });
  }

  std::string dict(const c10::IValue& value) {
    const auto entries = value.toGenericDict();
    std::string written;
    for (const auto& entry : entries) {
      written += fmt::format("{}{}: {}", written.empty() ? "" : ", ", text(entry.key()), text(entry.value()));
    }
    const bool inferable = !entries.empty() && c10::elementTypeCanBeInferredFromMembers(entries.valueType()) &&
                           *element_type(entries.begin()->key()) == *entries.keyType() &&
                           *element_type(entries.begin()->value()) == *entries.valueType();
    return inferable ? fmt::format("{{{}}}", written)
                     : fmt::format("annotate({},{{{}}})", value.type()->annotation_str(), written);
  }

  std::string tensor(const at::Tensor& tensor, const c10::TypePtr& type) {
    if (!tensor.defined()) {
      return "tensor(undefined)";
    }
    if (const auto whole = lossless_ != nullptr ? lossless_->shared.whole_storage(tensor) : std::nullopt) {
      return fmt::format("view({}, {}, {})", text(*whole), tensor_type(tensor), tensor.storage_offset());
    }
    if (lossless_ != nullptr && tensor.layout() != at::kStrided) {
      return laid_out(tensor);
    }
    if (auto small = small_tensor_text(tensor, type)) {
      return *small;
    }
    if (tensor.is_mkldnn() && tensor.numel() == 1) { // for display only: the layout follows from the node's kind
      std::ostringstream number;
      number << tensor.to_dense().item().toDouble();
      return fmt::format("{{{}}}", number.str());
    }
    if (lossless_ == nullptr) {
      return "<Tensor>";
    }
    const bool inferable = type && *type == *c10::TensorType::create(tensor);
    const std::vector<std::string> parts = {lossless_->keep ? kept(tensor) : "", inferable ? "" : tensor_type(tensor)};
    return fmt::format("<Tensor{}{}{}{}>", parts[0].empty() && parts[1].empty() ? "" : " ", parts[0],
                       parts[0].empty() || parts[1].empty() ? "" : ", ", parts[1]);
  }

  std::string tensor_type(const at::Tensor& tensor) const {
    return type_text(*c10::TensorType::create(tensor), lossless_);
  }

  std::string object(const c10::IValue& value) {
    const auto type = value.toObjectRef().type();
    if (lossless_ != nullptr && !type->name()->qualifiedName().starts_with("__torch__.torch.classes.")) {
      return with_attributes(value.toObjectRef(), *type);
    }
    if (lossless_ == nullptr) {
      return fmt::format("object({})", static_cast<const void*>(&value.toObjectRef()));
    }
    return lossless_->keep ? fmt::format("<Object {}>", kept(value)) : "<Object>";
  }

  std::string kept(const c10::IValue& value) {
    const std::string name = lossless_->keep(value);
    if (name.empty() && value.isObject()) {
      return without_text(value.type()->annotation_str(),
                          "no file can keep it, because its class does not have both __getstate__ and __setstate__");
    }
    return name.empty() ? without_text(value.type()->annotation_str()) : name;
  }

  static std::string keep_as_pt() { return fmt::format("write the module with {} FILE.pt", spelled(Setting::output)); }

  // A value that cannot be read back is an error in lossless text. Text for display names its kind.
  std::string without_text(const std::string& kind, const std::string& advice = keep_as_pt()) const {
    if (lossless_ != nullptr && lossless_->keep) {
      const std::string place =
          path_.empty() ? "a constant of the graph" : fmt::format("the attribute {}", fmt::join(path_, "."));
      throw Error(ErrorKind::check,
                  fmt::format("{} is of type {}, which does not have a text form: {}", place, kind, advice));
    }
    return fmt::format("<{}>", kind);
  }

  // mkldnn(DENSE), sparse_coo(INDICES, VALUES, [2, 3], 1), sparse_csr(ROWS, COLUMNS, VALUES, [2, 3])
  std::string laid_out(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.detach();
    if (plain.is_mkldnn()) {
      return fmt::format("mkldnn({})", text(plain.to_dense()));
    }
    const std::string sizes = fmt::format("[{}]", fmt::join(tensor.sizes(), ", "));
    if (plain.layout() == at::kSparse) {
      return fmt::format("sparse_coo({}, {}, {}, {})", text(plain._indices()), text(plain._values()), sizes,
                         plain.is_coalesced() ? 1 : 0);
    }
    if (plain.layout() == at::kSparseCsr) {
      return fmt::format("sparse_csr({}, {}, {}, {})", text(plain.crow_indices()), text(plain.col_indices()),
                         text(plain.values()), sizes);
    }
    std::ostringstream layout;
    layout << plain.layout();
    return without_text(fmt::format("Tensor of layout {}", layout.str()));
  }

  // __torch__.M{
  //   name=value,
  //   …
  // }
  std::string with_attributes(const c10::ivalue::Object& object, const c10::ClassType& type) {
    ++level_;
    const std::string line = "\n" + std::string(2 * level_, ' ');
    std::string attributes;
    for (size_t i = 0; i < type.numAttributes(); ++i) {
      path_.push_back(type.getAttributeName(i));
      attributes += fmt::format("{}{}{}={}", attributes.empty() ? "" : ",", line, key(type.getAttributeName(i)),
                                text(object.getSlot(i), type.getAttribute(i)));
      path_.pop_back();
    }
    --level_;
    return fmt::format("{}{{{}{}}}", type.name()->qualifiedName(), attributes,
                       attributes.empty() ? "" : "\n" + std::string(2 * level_, ' '));
  }

  Lossless* lossless_;
  size_t level_;
  std::vector<std::string> path_; // of the attribute that is being written, for messages
};

} // namespace

std::string value_text(const c10::IValue& value, const c10::TypePtr& type, Lossless* lossless, size_t level) {
  return ValuePrinter(lossless, level).text(value, type);
}

} // namespace tsir::ir_text
