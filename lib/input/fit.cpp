#include "lib/input/fit.h"

#include "lib/base/error.h"
#include "lib/input/fill.h"
#include "lib/ir/dtype_names.h"

#include <ATen/core/enum_type.h>
#include <fmt/ranges.h>

namespace tsir {
namespace {

[[noreturn]] void throw_mismatch(const InputValue& value, const c10::Type& type, const std::string& hint = "") {
  throw InputMismatch{fmt::format("expected {}, got {}{}", type.repr_str(), describe(value), hint)};
}

// Prefixes a mismatch in a nested value with its position: "element 1: expected …".
template <typename Make> c10::IValue at_place(const std::string& place, Make make) {
  try {
    return make();
  } catch (const InputMismatch& inner) {
    throw InputMismatch{place + ": " + inner.what};
  }
}

const std::vector<InputValue>* elements_of(const InputValue& value) {
  if (const auto* list = std::get_if<InputList>(&value.value)) {
    return &list->elements;
  }
  const auto* tuple = std::get_if<InputTuple>(&value.value);
  return tuple != nullptr ? &tuple->elements : nullptr;
}

c10::IValue fit_tensor(const InputValue& value, const c10::TensorType& type, FitSettings& settings) {
  at::Tensor tensor;
  if (const auto* text = std::get_if<TensorText>(&value.value)) {
    tensor = make_tensor(*text, settings.generator);
  } else if (const auto* given = std::get_if<at::Tensor>(&value.value)) {
    tensor = *given;
  } else {
    const bool number = std::holds_alternative<int64_t>(value.value) || std::holds_alternative<double>(value.value);
    throw_mismatch(value, *c10::TensorType::get(),
                   number ? "; as a tensor: float32[]=full(1.5) or int64[]=full(1)" : "");
  }
  // Only the types of a bare graph have more detail than "Tensor".
  const auto sizes = type.sizes();
  const auto known = sizes.concrete_sizes();
  const bool wrong_dtype = type.scalarType() && *type.scalarType() != tensor.scalar_type();
  const bool wrong_shape = known ? *known != tensor.sizes() : sizes.size() && *sizes.size() != size_t(tensor.dim());
  if (tensor.defined() && (wrong_dtype || wrong_shape)) {
    throw InputMismatch{fmt::format("expected {}, got {}", tensor_title(type, "Tensor", "*"), tensor_title(tensor))};
  }
  return tensor.to(settings.device);
}

c10::IValue fit_list(const InputValue& value, const c10::ListType& type, FitSettings& settings) {
  const auto* elements = elements_of(value);
  if (elements == nullptr) {
    throw_mismatch(value, type);
  }
  c10::impl::GenericList list(type.getElementType());
  list.reserve(elements->size());
  for (size_t i = 0; i < elements->size(); ++i) {
    list.push_back(
        at_place(fmt::format("element {}", i), [&] { return fit((*elements)[i], type.getElementType(), settings); }));
  }
  return list;
}

// A NamedTuple may also be given as a dict of its fields.
const InputValue* field(const InputDict& dict, const std::string& name) {
  for (const auto& [key, value] : dict.entries) {
    const auto* text = std::get_if<std::string>(&key.value);
    if (text != nullptr && *text == name) {
      return &value;
    }
  }
  return nullptr;
}

std::vector<const InputValue*> tuple_parts(const InputValue& value, const c10::TupleType& type) {
  std::vector<const InputValue*> parts;
  const auto* dict = std::get_if<InputDict>(&value.value);
  if (type.schema() && dict != nullptr && dict->entries.size() == type.elements().size()) {
    for (const c10::Argument& argument : type.schema()->arguments()) {
      const InputValue* part = field(*dict, argument.name());
      if (part == nullptr) {
        throw_mismatch(value, type, fmt::format(", without \"{}\"", argument.name()));
      }
      parts.push_back(part);
    }
  } else if (const auto* elements = elements_of(value)) {
    for (const InputValue& element : *elements) {
      parts.push_back(&element);
    }
  }
  if (parts.size() != type.elements().size() || (parts.empty() && elements_of(value) == nullptr)) {
    throw_mismatch(value, type);
  }
  return parts;
}

c10::IValue fit_tuple(const InputValue& value, const c10::TupleType& type, const c10::TypePtr& shared_type,
                      FitSettings& settings) {
  const auto parts = tuple_parts(value, type);
  std::vector<c10::IValue> elements;
  elements.reserve(parts.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    elements.push_back(
        at_place(fmt::format("element {}", i), [&] { return fit(*parts[i], type.elements()[i], settings); }));
  }
  return type.schema() ? c10::ivalue::Tuple::createNamed(std::move(elements), shared_type->expect<c10::TupleType>())
                       : c10::ivalue::Tuple::create(std::move(elements));
}

c10::IValue fit_dict(const InputValue& value, const c10::DictType& type, FitSettings& settings) {
  const auto* given = std::get_if<InputDict>(&value.value);
  if (given == nullptr) {
    throw_mismatch(value, type);
  }
  c10::impl::GenericDict dict(type.getKeyType(), type.getValueType());
  for (const InputEntry& entry : given->entries) {
    const std::string key = describe(entry.key);
    const auto key_value = at_place("a key", [&] { return fit(entry.key, type.getKeyType(), settings); });
    const auto element_value =
        at_place("the value of " + key, [&] { return fit(entry.element, type.getValueType(), settings); });
    if (!dict.insert_or_assign(key_value, element_value).second) {
      throw InputMismatch{fmt::format("duplicate key {}", key)};
    }
  }
  return dict;
}

// Accepts the name or the value of a member.
c10::IValue fit_enum(const InputValue& value, const c10::EnumType& type, const c10::TypePtr& shared_type) {
  std::vector<std::string> names;
  for (const auto& [name, member] : type.enumNamesValues()) {
    const auto* text = std::get_if<std::string>(&value.value);
    const auto* number = std::get_if<int64_t>(&value.value);
    if ((text != nullptr && (*text == name || (member.isString() && *text == member.toStringRef()))) ||
        (number != nullptr && member.isInt() && member.toInt() == *number)) {
      return c10::IValue(
          c10::make_intrusive<c10::ivalue::EnumHolder>(shared_type->expect<c10::EnumType>(), name, member));
    }
    names.push_back(fmt::format("\"{}\"", name));
  }
  throw_mismatch(value, type, fmt::format("; its members: {}", fmt::join(names, ", ")));
}

c10::IValue fit_device(const InputValue& value, const c10::Type& type) {
  const auto* text = std::get_if<std::string>(&value.value);
  if (text == nullptr) {
    throw_mismatch(value, type, "; as a string: \"cpu\"");
  }
  try {
    return c10::Device(*text);
  } catch (const c10::Error&) {
    throw_mismatch(value, type);
  }
}

c10::IValue fit_union(const InputValue& value, const c10::UnionType& type, FitSettings& settings) {
  for (const c10::TypePtr& member : type.containedTypes()) {
    try {
      return fit(value, member, settings);
    } catch (const InputMismatch&) { // another member may accept it
    }
  }
  throw_mismatch(value, type);
}

// The type that Python would infer: lists and dicts have one element type, or Any.
c10::TypePtr natural_type(const InputValue& value) {
  const auto common = [](const auto& range, auto element) -> c10::TypePtr {
    c10::TypePtr type;
    for (const auto& item : range) {
      const c10::TypePtr next = natural_type(element(item));
      type = type == nullptr || *type == *next ? next : c10::AnyType::get();
    }
    return type == nullptr ? c10::TensorType::get() : type;
  };
  struct Visit {
    const decltype(common)& same;
    c10::TypePtr operator()(const InputNone&) const { return c10::NoneType::get(); }
    c10::TypePtr operator()(bool) const { return c10::BoolType::get(); }
    c10::TypePtr operator()(int64_t) const { return c10::IntType::get(); }
    c10::TypePtr operator()(double) const { return c10::FloatType::get(); }
    c10::TypePtr operator()(const c10::complex<double>&) const { return c10::ComplexType::get(); }
    c10::TypePtr operator()(const std::string&) const { return c10::StringType::get(); }
    c10::TypePtr operator()(const TensorText&) const { return c10::TensorType::get(); }
    c10::TypePtr operator()(const at::Tensor&) const { return c10::TensorType::get(); }
    c10::TypePtr operator()(const InputList& list) const {
      return c10::ListType::create(same(list.elements, [](const InputValue& v) -> const InputValue& { return v; }));
    }
    c10::TypePtr operator()(const InputTuple& tuple) const {
      std::vector<c10::TypePtr> types;
      for (const InputValue& element : tuple.elements) {
        types.push_back(natural_type(element));
      }
      return c10::TupleType::create(std::move(types));
    }
    c10::TypePtr operator()(const InputDict& dict) const {
      const auto key = same(dict.entries, [](const auto& e) -> const InputValue& { return e.key; });
      const auto element = same(dict.entries, [](const auto& e) -> const InputValue& { return e.element; });
      return c10::DictType::create(dict.entries.empty() ? c10::StringType::get() : key, element);
    }
  };
  return std::visit(Visit{common}, value.value);
}

c10::IValue fit_number(const InputValue& value, const c10::Type& type) {
  const auto* integer = std::get_if<int64_t>(&value.value);
  const auto* real = std::get_if<double>(&value.value);
  const auto* complex = std::get_if<c10::complex<double>>(&value.value);
  const bool any = type.kind() == c10::TypeKind::NumberType;
  if (integer != nullptr && (any || type.kind() == c10::TypeKind::IntType)) {
    return *integer;
  }
  if (complex != nullptr && (any || type.kind() == c10::TypeKind::ComplexType)) {
    return *complex;
  }
  if (type.kind() == c10::TypeKind::IntType || (integer == nullptr && real == nullptr)) {
    throw_mismatch(value, type);
  }
  const double number = real != nullptr ? *real : static_cast<double>(*integer);
  return type.kind() == c10::TypeKind::ComplexType ? c10::IValue(c10::complex<double>(number)) : c10::IValue(number);
}

} // namespace

c10::IValue fit(const InputValue& value, const c10::TypePtr& type, FitSettings& settings) {
  const bool none = std::holds_alternative<InputNone>(value.value);
  switch (type->kind()) {
  case c10::TypeKind::TensorType:
    return fit_tensor(value, type->expectRef<c10::TensorType>(), settings);
  case c10::TypeKind::OptionalType:
    return none ? c10::IValue() : fit(value, type->expectRef<c10::OptionalType>().getElementType(), settings);
  case c10::TypeKind::IntType:
  case c10::TypeKind::FloatType:
  case c10::TypeKind::ComplexType:
  case c10::TypeKind::NumberType:
    return fit_number(value, *type);
  case c10::TypeKind::BoolType:
    if (const auto* flag = std::get_if<bool>(&value.value)) {
      return *flag;
    }
    throw_mismatch(value, *type);
  case c10::TypeKind::StringType:
    if (const auto* text = std::get_if<std::string>(&value.value)) {
      return *text;
    }
    throw_mismatch(value, *type);
  case c10::TypeKind::DeviceObjType:
    return fit_device(value, *type);
  case c10::TypeKind::ListType:
    return fit_list(value, type->expectRef<c10::ListType>(), settings);
  case c10::TypeKind::TupleType:
    return fit_tuple(value, type->expectRef<c10::TupleType>(), type, settings);
  case c10::TypeKind::DictType:
    return fit_dict(value, type->expectRef<c10::DictType>(), settings);
  case c10::TypeKind::EnumType:
    return fit_enum(value, type->expectRef<c10::EnumType>(), type);
  case c10::TypeKind::UnionType:
    return fit_union(value, type->expectRef<c10::UnionType>(), settings);
  case c10::TypeKind::AnyType:
    return none ? c10::IValue() : fit(value, natural_type(value), settings);
  default:
    if (none && (type->kind() == c10::TypeKind::NoneType || type->kind() == c10::TypeKind::GeneratorType)) {
      return {};
    }
    throw_mismatch(value, *type, "; values of this type cannot be given as input");
  }
}

} // namespace tsir
