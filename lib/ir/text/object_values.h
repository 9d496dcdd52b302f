// Values in .ir text that its definitions describe, and those that stand in several places.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

// `&1 VALUE`, and `*1` for the very same one. Throws Error(load).
c10::IValue read_shared(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept);
// An object, a named tuple or an Enum's member: where named_value_begins (types.h). Throws Error(load).
c10::IValue read_named_value(Cursor& cursor, const KeptConstants& kept);

} // namespace tsir::ir_text
