// What kind of attribute a value becomes, which the reader and the printer of .ir text must agree on.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// The kind that a value without its kind beside it has. Constants keep lists as values, other nodes as plain lists.
jit::AttributeKind natural_kind(const c10::IValue& value, bool constant);
// "ival", as it stands before a value of another kind: `ival(1)`. Nothing for the kinds that never need that.
std::string_view kind_name(jit::AttributeKind kind);
std::optional<jit::AttributeKind> kind_by_name(std::string_view name);

// An attribute that is no graph and no type, as one value, and back. set_attribute throws c10::Error where the value is
// none of that kind.
c10::IValue attribute_value(const jit::Node& node, c10::Symbol name);
void set_attribute(jit::Node& node, c10::Symbol name, jit::AttributeKind kind, const c10::IValue& value);

// The type of a list that holds `first`, as far as that tells it.
c10::TypePtr element_type(const c10::IValue& first);

} // namespace tsir::ir_text
