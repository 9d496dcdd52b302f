#include "lib/ir/text/printer.h"
#include "lib/ir/text/quoting.h"
#include "lib/ir/text/tensor_types.h"

#include <algorithm>
#include <iterator>

namespace tsir::ir_text {
namespace {

std::string all_of(c10::ArrayRef<c10::TypePtr> types, Lossless* lossless) {
  std::string joined;
  for (const c10::TypePtr& type : types) {
    joined += (joined.empty() ? "" : ", ") + type_text(*type, lossless);
  }
  return joined;
}

// Whether all fields have their declared types. A pass may know more about a field; only the graph contains that.
bool is_as_declared(const c10::TupleType& tuple) {
  const auto& declared = tuple.schema()->arguments();
  for (size_t i = 0; i < declared.size(); ++i) {
    if (*declared[i].type() != *tuple.elements()[i]) {
      return false;
    }
  }
  return true;
}

std::string tuple_text(const c10::TupleType& tuple, Lossless* lossless) {
  if (!tuple.schema()) {
    return fmt::format("({})", all_of(tuple.elements(), lossless));
  }
  if (tuple.name()) {
    const std::string name = tuple.name()->qualifiedName();
    return is_as_declared(tuple) ? name : fmt::format("{}({})", name, all_of(tuple.elements(), lossless));
  }
  std::string fields;
  for (size_t i = 0; i < tuple.elements().size(); ++i) {
    fields += fmt::format("{}{} : {}", i > 0 ? ", " : "", tuple.schema()->arguments()[i].name(),
                          type_text(*tuple.elements()[i], lossless));
  }
  return fmt::format("NamedTuple({})", fields);
}

std::string plain_text(const c10::Type& type) {
  std::ostringstream text;
  text << type;
  return text.str();
}

template <typename Value> std::string known_or_star(const std::optional<Value>& value) {
  return value ? fmt::format("{}", static_cast<size_t>(*value)) : "*";
}

std::string property_text(const std::optional<c10::Stride>& property) {
  return !property ? "*"
                   : fmt::format("({}, {}, {})", known_or_star(property->stride_index_),
                                 known_or_star(property->contiguous_), known_or_star(property->stride_));
}

// Prints strides if they express all that the type knows about them, otherwise LibTorch's stride properties. Empty if
// nothing is known.
std::string strides_text(const c10::TensorType& type, bool& plain) {
  const auto properties = type.stride_properties().sizes();
  plain = true;
  if (!properties || std::ranges::none_of(*properties, [](const auto& each) { return each.has_value(); })) {
    return "";
  }
  const auto strides = type.strides().concrete_sizes();
  const auto sizes = type.symbolic_sizes().sizes();
  plain = strides && sizes && stride_properties(*sizes, *strides) == type.stride_properties();
  if (plain) {
    return fmt::format("strides=[{}]", fmt::join(*strides, ", "));
  }
  std::vector<std::string> texts;
  std::ranges::transform(*properties, std::back_inserter(texts), property_text);
  return fmt::format("stride_properties=[{}]", fmt::join(texts, ", "));
}

// Uses LibTorch's format, except for unknown sizes and strides, and for tensors without dimensions and dtype:
// Tensor(dim=0, device=cpu).
std::string tensor_text(const c10::TensorType& type, Lossless& lossless) {
  const auto sizes = type.symbolic_sizes().sizes();
  const bool nameless = sizes && sizes->empty() && !type.scalarType() && (type.requiresGrad() || type.device());
  const bool all_known =
      !sizes || std::all_of(sizes->begin(), sizes->end(), [](const auto& s) { return s.is_static(); });
  bool plain_strides = true;
  const std::string strides = strides_text(type, plain_strides);
  if (all_known && !nameless && plain_strides) {
    return plain_text(type);
  }
  std::vector<std::string> parts;
  if (nameless) {
    parts.emplace_back("dim=0");
  }
  for (const c10::ShapeSymbol& size : *sizes) {
    parts.push_back(lossless.sizes.text(size));
  }
  if (!strides.empty()) {
    parts.push_back(strides);
  }
  if (type.requiresGrad()) {
    parts.push_back(fmt::format("requires_grad={}", *type.requiresGrad() ? 1 : 0));
  }
  if (type.device()) {
    parts.push_back(fmt::format("device={}", type.device()->str()));
  }
  return fmt::format("{}({}){}", type.scalarType() ? c10::toString(*type.scalarType()) : "Tensor",
                     fmt::join(parts, ", "), type.undefined().value_or(false) ? "[Undefined]" : "");
}

} // namespace

std::string type_text(const c10::Type& type, Lossless* lossless) {
  if (lossless == nullptr) {
    return plain_text(type);
  }
  switch (type.kind()) {
  case c10::TypeKind::TensorType:
    return tensor_text(type.expectRef<c10::TensorType>(), *lossless);
  case c10::TypeKind::ListType:
    return all_of(type.containedTypes(), lossless) + "[]";
  case c10::TypeKind::OptionalType:
    return type_text(*type.expectRef<c10::OptionalType>().getElementType(), lossless) + "?";
  case c10::TypeKind::DictType:
    return fmt::format("Dict({})", all_of(type.containedTypes(), lossless));
  case c10::TypeKind::FutureType:
    return fmt::format("Future[{}]", all_of(type.containedTypes(), lossless));
  case c10::TypeKind::AwaitType:
    return fmt::format("Await({})", all_of(type.containedTypes(), lossless));
  case c10::TypeKind::RRefType:
    return fmt::format("RRef[{}]", all_of(type.containedTypes(), lossless));
  case c10::TypeKind::UnionType:
    return fmt::format("Union({})", all_of(type.containedTypes(), lossless));
  case c10::TypeKind::TupleType:
    return tuple_text(type.expectRef<c10::TupleType>(), lossless);
  case c10::TypeKind::FunctionType:
    return fmt::format("Function({})", type.annotation_str());
  case c10::TypeKind::ClassType:
  case c10::TypeKind::InterfaceType:
  case c10::TypeKind::EnumType:
    return type.annotation_str();
  default:
    return plain_text(type);
  }
}

} // namespace tsir::ir_text
