// Values in .ir text: constants and attributes.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// The constant of a name that the text gives in place of contents (print.h). Throws Error(load) whose text says why
// there is none, without a place.
using KeptConstants = std::function<c10::IValue(const std::string& name)>;

// `type`: of what the value becomes, or null: an empty list takes it over, and a number in braces its dtype and shape.
// Throws Error(load), and c10::Error where values do not fit together.
c10::IValue read_value(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept);

} // namespace tsir::ir_text
