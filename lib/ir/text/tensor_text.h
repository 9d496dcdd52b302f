// Prints and reads small tensors in .ir text: `{2}` if the type is known from the context, otherwise `tensor(Float(2,
// 2), [1, 2.5, 3, 4])`.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir::ir_text {

// std::nullopt if the tensor is too large, or if the text would not be read back as the same tensor (other layouts, or
// NaNs with a payload). `type` is the declared type of the value, or null.
std::optional<std::string> small_tensor_text(const at::Tensor& tensor, const c10::TypePtr& type);

// The tensor {number} with the dtype and shape of its type. std::nullopt if they do not match.
std::optional<at::Tensor> tensor_of_number(const std::string& number, const c10::TypePtr& type);
// A contiguous tensor with these dtype, sizes and numbers. A complex number takes two of them. std::nullopt if the
// count or one of the numbers does not match.
std::optional<at::Tensor> tensor_of_numbers(at::ScalarType dtype, at::IntArrayRef sizes,
                                            const std::vector<std::string>& numbers);

} // namespace tsir::ir_text
