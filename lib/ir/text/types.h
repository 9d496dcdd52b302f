// Types in .ir text: as graphs print them (`int[]`, `Dict(str, Tensor)`, `Float(2, 3, strides=[3, 1], device=cpu)`) and
// as annotations in constants do (`List[int]`).
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Throws Error(load).
c10::TypePtr read_type(Cursor& cursor);
// Whether a type begins `ahead` words on, and not a value. `((` is looked through to what is inside.
bool type_begins(const Cursor& cursor, size_t ahead = 0);
// Whether a value that begins with a name from the text's definitions is `ahead` words on: an object, a named tuple, an
// Enum's member.
bool named_value_begins(const Cursor& cursor, size_t ahead = 0);
// Whether a value of one type may stand where another is declared. A named tuple's may lack the name: those that Python
// gave to an attribute do.
bool fits(const c10::TypePtr& value, const c10::TypePtr& declared);
// "Float" and "BFloat16", as types have them.
std::optional<at::ScalarType> scalar_type_by_name(std::string_view name);
int64_t read_integer(Cursor& cursor); // with its sign

} // namespace tsir::ir_text
