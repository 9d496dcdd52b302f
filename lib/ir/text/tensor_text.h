// Small tensors written out in .ir text: `{2}` where the type beside it says the rest, else
// `tensor(Float(2, 2), [1, 2.5, 3, 4])`.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// Nothing where the tensor is too large for that, or would not be the same when read back (other layouts, NaN with a
// payload). `type`: of the value that it becomes, or null.
std::optional<std::string> small_tensor_text(const at::Tensor& tensor, const c10::TypePtr& type);

// The tensor {number}, with its type's dtype and shape. Nothing where both do not fit together.
std::optional<at::Tensor> tensor_of_number(const std::string& number, const c10::TypePtr& type);
// The contiguous tensor of a complete type without strides, its numbers in order. A complex number is two of them.
// Nothing where their count or one of them does not fit.
std::optional<at::Tensor> tensor_of_numbers(at::ScalarType dtype, at::IntArrayRef sizes,
                                            const std::vector<std::string>& numbers);

} // namespace tsir::ir_text
