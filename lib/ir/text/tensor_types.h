// Reads tensor types in .ir text.
#pragma once

#include "lib/ir/text/cursor.h"

namespace tsir::ir_text {

// Whether `name` begins a tensor's type: Tensor, Float, FloatTensor.
bool is_tensor_name(std::string_view name);
// Reads a type. Requires a word for which is_tensor_name is true. Throws Error(load).
c10::TypePtr read_tensor_type(Cursor& cursor);
c10::Device read_device(Cursor& cursor); // cpu, cuda:0

// LibTorch's stride properties for these sizes and strides, from the smallest stride to the largest. If a size is
// unknown, it is also unknown whether the next stride follows from it.
c10::VaryingShape<c10::Stride> stride_properties(c10::ArrayRef<c10::ShapeSymbol> sizes, c10::ArrayRef<int64_t> strides);

} // namespace tsir::ir_text
