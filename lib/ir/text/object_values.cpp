#include "lib/ir/text/object_values.h"

#include "lib/ir/text/definitions.h"
#include "lib/ir/text/types.h"

#include <ATen/core/class_type.h>

namespace tsir::ir_text {
namespace {

// None also represents an attribute that was never set.
c10::IValue attribute(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept) {
  const Word start = cursor.peek();
  c10::IValue read = read_value(cursor, type, kept);
  if (!read.isNone() && !fits(read.type(), type)) {
    cursor.fail(start, fmt::format("a value of type {} for an attribute of type {}", read.type()->annotation_str(),
                                   type->annotation_str()));
  }
  return read;
}

// After `__torch__.M{`.
c10::IValue object(Cursor& cursor, const c10::ClassTypePtr& type, const KeptConstants& kept) {
  auto object =
      c10::ivalue::Object::create(c10::StrongTypePtr(cursor.definitions()->unit(), type), type->numAttributes());
  std::vector<bool> given(type->numAttributes());
  comma_separated(cursor, "}", [&] {
    const Word place = cursor.peek();
    const std::string name = cursor.expect_key("an attribute");
    const auto slot = type->findAttributeSlot(name);
    if (!slot || given[*slot]) {
      cursor.fail(place, fmt::format("{} {} attribute {}", type->name()->qualifiedName(),
                                     slot ? "is given twice its" : "has no", name));
    }
    given[*slot] = true;
    cursor.expect("=");
    object->setSlot(*slot, attribute(cursor, type->getAttribute(*slot), kept));
  });
  const auto missing = std::find(given.begin(), given.end(), false);
  if (missing != given.end()) {
    cursor.fail(fmt::format("the object of {} lacks its attribute {}", type->name()->qualifiedName(),
                            type->getAttributeName(static_cast<size_t>(missing - given.begin()))));
  }
  return object;
}

c10::IValue named_tuple(Cursor& cursor, const Word& start, const c10::TupleTypePtr& type, const KeptConstants& kept) {
  const auto& fields = type->schema()->arguments();
  std::vector<c10::IValue> values;
  cursor.expect("(");
  comma_separated(cursor, ")", [&] {
    const Word place = cursor.peek();
    const std::string name = cursor.expect_name("a field");
    if (values.size() >= fields.size() || fields[values.size()].name() != name) {
      cursor.fail(place, fmt::format("{} is not the next field", name));
    }
    cursor.expect("=");
    values.push_back(read_value(cursor, fields[values.size()].type(), kept));
  });
  if (values.size() != fields.size()) {
    cursor.fail(start, fmt::format("{} has {} fields, and {} are given", start.text, fields.size(), values.size()));
  }
  return c10::ivalue::Tuple::createNamed(std::move(values), type);
}

} // namespace

c10::IValue read_shared(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept) {
  const Word start = cursor.peek();
  const bool marks = cursor.next().text == "&";
  const int64_t number = read_integer(cursor);
  auto& known = cursor.definitions()->marked;
  const auto found = known.find(number);
  if (!marks && found == known.end()) {
    cursor.fail(start, fmt::format("no value before this one is marked with &{}", number));
  }
  if (!marks) {
    return found->second;
  }
  if (found != known.end()) {
    cursor.fail(start, fmt::format("another value is marked with &{} already", number));
  }
  c10::IValue value = read_value(cursor, type, kept);
  known[number] = value;
  return value;
}

c10::IValue read_named_value(Cursor& cursor, const KeptConstants& kept) {
  const Word start = cursor.peek();
  Definitions& definitions = *cursor.definitions();
  const std::string name(cursor.next().text);
  if (auto member = definitions.enum_member(cursor, name)) {
    return *member;
  }
  const c10::TypePtr type = definitions.type(cursor, name);
  if (cursor.skip("{")) {
    if (!type || type->kind() != c10::TypeKind::ClassType) {
      cursor.fail(start, fmt::format("{} is not a class that the text defines", name));
    }
    return object(cursor, type->cast<c10::ClassType>(), kept);
  }
  const auto tuple = type ? type->cast<c10::TupleType>() : nullptr;
  if (!tuple || !tuple->schema()) {
    cursor.fail(start, fmt::format("{} is not a named tuple that the text defines", name));
  }
  return named_tuple(cursor, start, tuple, kept);
}

} // namespace tsir::ir_text
