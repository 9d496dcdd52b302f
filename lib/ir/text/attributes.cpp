#include "lib/ir/text/attributes.h"

namespace tsir::ir_text {
namespace {

using Kind = jit::AttributeKind;

constexpr std::array<std::pair<std::string_view, Kind>, 11> kind_names = {{
    {"ival", Kind::ival},
    {"is", Kind::is},
    {"fs", Kind::fs},
    {"ss", Kind::ss},
    {"cs", Kind::cs},
    {"ts", Kind::ts},
    {"i", Kind::i},
    {"f", Kind::f},
    {"s", Kind::s},
    {"c", Kind::c},
    {"t", Kind::t},
}};

Kind kind_of_list(const c10::Type& element) {
  switch (element.kind()) {
  case c10::TypeKind::IntType:
    return Kind::is;
  case c10::TypeKind::FloatType:
    return Kind::fs;
  case c10::TypeKind::StringType:
    return Kind::ss;
  case c10::TypeKind::ComplexType:
    return Kind::cs;
  case c10::TypeKind::TensorType:
    return Kind::ts;
  default:
    return Kind::ival;
  }
}

} // namespace

Kind natural_kind(const c10::IValue& value, bool constant) {
  if (value.isInt()) {
    return Kind::i;
  }
  if (value.isDouble()) {
    return Kind::f;
  }
  if (value.isComplexDouble()) {
    return Kind::c;
  }
  if (value.isString()) {
    return Kind::s;
  }
  if (value.isTensor()) {
    return Kind::t;
  }
  return value.isList() && !constant ? kind_of_list(*value.toList().elementType()) : Kind::ival;
}

std::string_view kind_name(Kind kind) {
  for (const auto& [name, of] : kind_names) {
    if (of == kind) {
      return name;
    }
  }
  return {};
}

std::optional<Kind> kind_by_name(std::string_view name) {
  for (const auto& [known, kind] : kind_names) {
    if (known == name) {
      return kind;
    }
  }
  return std::nullopt;
}

c10::IValue attribute_value(const jit::Node& node, c10::Symbol name) {
  switch (node.kindOf(name)) {
  case Kind::i:
    return node.i(name);
  case Kind::f:
    return node.f(name);
  case Kind::s:
    return node.s(name);
  case Kind::c:
    return node.c(name);
  case Kind::t:
    return node.t(name);
  case Kind::is:
    return node.is(name);
  case Kind::fs:
    return node.fs(name);
  case Kind::ss:
    return node.ss(name);
  case Kind::cs:
    return node.cs(name);
  case Kind::ts:
    return node.ts(name);
  case Kind::ival:
    return node.ival(name);
  default:
    TORCH_CHECK(false, "attribute ", name.toUnqualString(), " does not have a value");
  }
}

void set_attribute(jit::Node& node, c10::Symbol name, Kind kind, const c10::IValue& value) {
  switch (kind) {
  case Kind::i:
    node.i_(name, value.toInt());
    break;
  case Kind::f:
    node.f_(name, value.toDouble());
    break;
  case Kind::s:
    node.s_(name, value.toStringRef());
    break;
  case Kind::c:
    node.c_(name, value.toComplexDouble());
    break;
  case Kind::t:
    node.t_(name, value.toTensor());
    break;
  case Kind::is:
    node.is_(name, value.toIntVector());
    break;
  case Kind::fs:
    node.fs_(name, value.toDoubleVector());
    break;
  case Kind::ss:
    node.ss_(name, value.to<std::vector<std::string>>());
    break;
  case Kind::cs:
    node.cs_(name, value.toComplexDoubleVector());
    break;
  case Kind::ts:
    node.ts_(name, value.toTensorVector());
    break;
  default:
    node.ival_(name, value);
  }
}

c10::TypePtr element_type(const c10::IValue& first) {
  return first.isTensor() ? c10::TensorType::get() : c10::unshapedType(first.type());
}

} // namespace tsir::ir_text
