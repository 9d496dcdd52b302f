// The kinds of attributes. The reader and the printer of .ir text must agree on them.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// The kind of an attribute that is written without a kind. Constants store lists as IValues, other nodes as plain
// lists.
jit::AttributeKind natural_kind(const c10::IValue& value, bool constant);
// The name of a kind that is written before a value: "ival" in `ival(1)`. Empty for kinds that are never written.
std::string_view kind_name(jit::AttributeKind kind);
std::optional<jit::AttributeKind> kind_by_name(std::string_view name);

// Converts an attribute that is neither a graph nor a type to a value, and back. set_attribute throws c10::Error if the
// value does not have that kind.
c10::IValue attribute_value(const jit::Node& node, c10::Symbol name);
void set_attribute(jit::Node& node, c10::Symbol name, jit::AttributeKind kind, const c10::IValue& value);

// The element type of a list, inferred from its first element.
c10::TypePtr element_type(const c10::IValue& first);

} // namespace tsir::ir_text
