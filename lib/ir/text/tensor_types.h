// Types of tensors in .ir text, read.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Whether `name` begins a tensor's type: Tensor, Float, FloatTensor.
bool is_tensor_name(std::string_view name);
// At a word for which is_tensor_name holds. Throws Error(load).
c10::TypePtr read_tensor_type(Cursor& cursor);

} // namespace tsir::ir_text
