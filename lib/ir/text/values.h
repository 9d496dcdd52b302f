// Reads values in .ir text: constants and attributes.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Finds a constant whose contents are stored outside of the text (lossless.h). `name` is "" if it was left out. `type`
// is the tensor's type, as far as the text gives it; it may be null. Throws Error(load) without a position if there is
// no such constant.
using KeptConstants = std::function<c10::IValue(const std::string& name, const c10::TensorTypePtr& type)>;
// The message about a constant whose values were left out, with advice.
std::string values_left_out();

// `type` is the declared type, or null. It is the type of an empty list, and the dtype and shape of a number in braces.
// Throws Error(load), and c10::Error if values do not match.
c10::IValue read_value(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept);

} // namespace tsir::ir_text
