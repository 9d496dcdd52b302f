// Reads types in .ir text, in the form that graphs print (`int[]`, `Dict(str, Tensor)`, `Float(2, 3, strides=[3, 1],
// device=cpu)`) and in the form of annotations in constants (`List[int]`).
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Throws Error(load).
c10::TypePtr read_type(Cursor& cursor);
// Whether a type, not a value, begins `ahead` words later. Looks inside of `((`.
bool type_begins(const Cursor& cursor, size_t ahead = 0);
// Whether a value that begins with a name from the text's definitions begins `ahead` words later: an object, a named
// tuple or an Enum member.
bool named_value_begins(const Cursor& cursor, size_t ahead = 0);
// Whether a value of type `value` is allowed where `declared` is declared. A named tuple may lack its name, because
// named tuples that Python assigned to an attribute do.
bool fits(const c10::TypePtr& value, const c10::TypePtr& declared);
// Parses "Float" and "BFloat16", the names that types use.
std::optional<at::ScalarType> scalar_type_by_name(std::string_view name);
int64_t read_integer(Cursor& cursor); // including its sign

} // namespace tsir::ir_text
