// Reads values in .ir text whose types the text defines, and values that occur in several places.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

// Reads `&1 VALUE`, or `*1`, which refers to the same object. Throws Error(load).
c10::IValue read_shared(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept);
// Reads an object, a named tuple or an Enum member. Requires named_value_begins (types.h). Throws Error(load).
c10::IValue read_named_value(Cursor& cursor, const KeptConstants& kept);

} // namespace tsir::ir_text
