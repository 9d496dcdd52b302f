#include "lib/ir/text/printer.h"
#include "lib/ir/text/quoting.h"

namespace tsir::ir_text {
namespace {

std::string all_of(c10::ArrayRef<c10::TypePtr> types) {
  std::string joined;
  for (const c10::TypePtr& type : types) {
    joined += (joined.empty() ? "" : ", ") + type_text(*type, /*lossless=*/true);
  }
  return joined;
}

// A field as its named tuple declares it: what a pass knows of it beyond that stands in the graph alone.
bool is_as_declared(const c10::TupleType& tuple) {
  const auto& declared = tuple.schema()->arguments();
  for (size_t i = 0; i < declared.size(); ++i) {
    if (*declared[i].type() != *tuple.elements()[i]) {
      return false;
    }
  }
  return true;
}

std::string tuple_text(const c10::TupleType& tuple) {
  if (!tuple.schema()) {
    return fmt::format("({})", all_of(tuple.elements()));
  }
  if (tuple.name()) {
    const std::string name = tuple.name()->qualifiedName();
    return is_as_declared(tuple) ? name : fmt::format("{}({})", name, all_of(tuple.elements()));
  }
  std::string fields;
  for (size_t i = 0; i < tuple.elements().size(); ++i) {
    fields += fmt::format("{}{} : {}", i > 0 ? ", " : "", tuple.schema()->arguments()[i].name(),
                          type_text(*tuple.elements()[i], /*lossless=*/true));
  }
  return fmt::format("NamedTuple({})", fields);
}

std::string plain_text(const c10::Type& type) {
  std::ostringstream text;
  text << type;
  return text.str();
}

} // namespace

std::string type_text(const c10::Type& type, bool lossless) {
  if (!lossless) {
    return plain_text(type);
  }
  switch (type.kind()) {
  case c10::TypeKind::ListType:
    return all_of(type.containedTypes()) + "[]";
  case c10::TypeKind::OptionalType:
    return type_text(*type.expectRef<c10::OptionalType>().getElementType(), lossless) + "?";
  case c10::TypeKind::DictType:
    return fmt::format("Dict({})", all_of(type.containedTypes()));
  case c10::TypeKind::FutureType:
    return fmt::format("Future[{}]", all_of(type.containedTypes()));
  case c10::TypeKind::AwaitType:
    return fmt::format("Await({})", all_of(type.containedTypes()));
  case c10::TypeKind::RRefType:
    return fmt::format("RRef[{}]", all_of(type.containedTypes()));
  case c10::TypeKind::UnionType:
    return fmt::format("Union({})", all_of(type.containedTypes()));
  case c10::TypeKind::TupleType:
    return tuple_text(type.expectRef<c10::TupleType>());
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
