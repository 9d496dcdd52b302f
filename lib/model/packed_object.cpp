#include "lib/model/packed_object.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/input/output_data.h"

#include <torch/custom_class.h>

namespace tsir {
namespace {

constexpr std::string_view class_prefix = "__torch__.torch.classes.";

// A state with such an object cannot be written.
class NoState : public std::exception {};

c10::IValue packed_value(const c10::IValue& value);

c10::IValue packed(const c10::IValue& object) {
  const auto type = object.toObjectRef().type();
  const auto name = type->name();
  if (!name || !name->qualifiedName().starts_with(class_prefix) || type->findMethod("__getstate__") == nullptr ||
      type->findMethod("__setstate__") == nullptr) {
    throw NoState();
  }
  const c10::IValue state = type->getMethod("__getstate__")({object});
  return c10::ivalue::Tuple::create({c10::IValue(name->qualifiedName()), packed_value(state)});
}

// Containers lose their types, which unpacking takes from the class.
c10::IValue packed_value(const c10::IValue& value) {
  if (value.isObject()) {
    return packed(value);
  }
  if (value.isTuple()) {
    std::vector<c10::IValue> elements;
    for (const c10::IValue& element : value.toTupleRef().elements()) {
      elements.push_back(packed_value(element));
    }
    return c10::ivalue::Tuple::create(std::move(elements));
  }
  if (value.isList()) {
    c10::impl::GenericList list(c10::AnyType::get());
    for (const c10::IValue& element : value.toListRef()) {
      list.push_back(packed_value(element));
    }
    return list;
  }
  if (value.isGenericDict()) {
    c10::impl::GenericDict dict(value.toGenericDict().keyType(), c10::AnyType::get());
    for (const auto& entry : value.toGenericDict()) {
      dict.insert(entry.key(), packed_value(entry.value()));
    }
    return dict;
  }
  if (value.isCapsule()) {
    throw NoState();
  }
  return plain_value(value);
}

// Gives the containers of a plain value the types that a method declares, and makes the objects within it.
c10::IValue typed(const c10::IValue& value, const c10::TypePtr& type) {
  if (const auto optional = type->cast<c10::OptionalType>()) {
    return value.isNone() ? value : typed(value, optional->getElementType());
  }
  if (type->kind() == c10::TypeKind::ClassType && value.isTuple()) {
    return unpacked_object(value);
  }
  if (const auto list = type->cast<c10::ListType>(); list && value.isList()) {
    c10::impl::GenericList result(list->getElementType());
    for (const c10::IValue& element : value.toListRef()) {
      result.push_back(typed(element, list->getElementType()));
    }
    return result;
  }
  if (const auto dict = type->cast<c10::DictType>(); dict && value.isGenericDict()) {
    c10::impl::GenericDict result(dict->getKeyType(), dict->getValueType());
    for (const auto& entry : value.toGenericDict()) {
      result.insert(typed(entry.key(), dict->getKeyType()), typed(entry.value(), dict->getValueType()));
    }
    return result;
  }
  const auto tuple = type->cast<c10::TupleType>();
  if (!tuple || !value.isTuple() || tuple->elements().size() != value.toTupleRef().elements().size()) {
    return value;
  }
  std::vector<c10::IValue> elements;
  for (size_t i = 0; i < tuple->elements().size(); ++i) {
    elements.push_back(typed(value.toTupleRef().elements()[i], tuple->elements()[i]));
  }
  return c10::ivalue::Tuple::create(std::move(elements));
}

// What __setstate__ declares; if that is Any, as for convolutions, whose __setstate__ also reads the states of older
// versions, what __getstate__ declares.
c10::TypePtr state_type(const c10::ClassType& type) {
  const c10::TypePtr taken = type.getMethod("__setstate__").getSchema().arguments().at(1).type();
  const auto& given = type.getMethod("__getstate__").getSchema().returns();
  return taken->kind() == c10::TypeKind::AnyType && given.size() == 1 ? given[0].type() : taken;
}

} // namespace

std::optional<c10::IValue> packed_object(const c10::IValue& object) {
  try {
    return packed(object);
  } catch (const NoState&) {
    return std::nullopt;
  }
}

c10::IValue unpacked_object(const c10::IValue& packed) {
  const auto parts = packed.isTuple() ? packed.toTupleRef().elements().vec() : std::vector<c10::IValue>();
  if (parts.size() != 2 || !parts[0].isString()) {
    throw Error(ErrorKind::load, "this constant is not an object: write the text again");
  }
  const c10::ClassTypePtr type = torch::getCustomClass(parts[0].toStringRef());
  if (!type || type->findMethod("__setstate__") == nullptr || type->findMethod("__getstate__") == nullptr) {
    throw Error(ErrorKind::load,
                fmt::format("the class {} of this constant is not registered: give its library with {}",
                            one_line(parts[0].toStringRef(), 80), spelled(Setting::load_library)));
  }
  c10::IValue object = c10::ivalue::Object::create(c10::StrongTypePtr(nullptr, type), 1);
  type->getMethod("__setstate__")({object, typed(parts[1], state_type(*type))});
  return object;
}

} // namespace tsir
