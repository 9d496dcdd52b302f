// Types of tensors in .ir text, read.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Whether `name` begins a tensor's type: Tensor, Float, FloatTensor.
bool is_tensor_name(std::string_view name);
// At a word for which is_tensor_name holds. Throws Error(load).
c10::TypePtr read_tensor_type(Cursor& cursor);
c10::Device read_device(Cursor& cursor); // cpu, cuda:0

} // namespace tsir::ir_text
