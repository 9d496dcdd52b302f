// Values in .ir text: constants and attributes.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Finds the constant that the text names in place of its contents (lossless.h); `name` is "" where it was left out.
// `type`: the tensor's, as far as the text says it; may be null. Throws Error(load) that says why there is no such
// constant, without a position.
using KeptConstants = std::function<c10::IValue(const std::string& name, const c10::TensorTypePtr& type)>;
// The message about a constant whose values were left out: what to do about it.
std::string values_left_out();

// `type`: of what the value becomes, or null: an empty list takes it over, and a number in braces its dtype and shape.
// Throws Error(load), and c10::Error where values do not fit together.
c10::IValue read_value(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept);

} // namespace tsir::ir_text
