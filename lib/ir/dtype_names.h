// The names of dtypes as in Python: "float32", "bfloat16", "bool".
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

std::string dtype_name(at::ScalarType type);
// Also accepts LibTorch's other names ("float", "half", "long"). std::nullopt if the name is unknown.
std::optional<at::ScalarType> dtype_by_name(std::string_view name);
// The dtype and shape of a tensor: "float32[1,3,224,224]".
std::string tensor_title(const at::Tensor& tensor);
// The same of a type; std::nullopt if it does not say both.
std::optional<std::string> tensor_title(const c10::TensorType& type);
// The same of a type, with `dtype` and `size` for what it does not say: "float32[*,8]". Without sizes if their number
// is not known.
std::string tensor_title(const c10::TensorType& type, const std::string& dtype, const std::string& size);
// All names of dtypes, for messages: "float64, float32, …".
std::string known_dtypes();

} // namespace tsir
