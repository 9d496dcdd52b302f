// Values in .ir text: constants and attributes.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// The constant of a name that the text gives in place of contents (lossless.h); the name is "" where it was left out.
// `type`: of the tensor, as far as the text says it; may be null. Throws Error(load) whose text says why there is none,
// without a place.
using KeptConstants = std::function<c10::IValue(const std::string& name, const c10::TensorTypePtr& type)>;
inline constexpr const char* values_left_out =
    "this stands for a constant whose values were left out; run the pass on the .pt itself, write the text with -o "
    "FILE.ir, which keeps them, or have others in their place with --fill-constants=zeros, ones or random:SEED";

// `type`: of what the value becomes, or null: an empty list takes it over, and a number in braces its dtype and shape.
// Throws Error(load), and c10::Error where values do not fit together.
c10::IValue read_value(Cursor& cursor, const c10::TypePtr& type, const KeptConstants& kept);

} // namespace tsir::ir_text
