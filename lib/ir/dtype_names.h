// The names of dtypes as Python writes them: "float32", "bfloat16", "bool".
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

std::string dtype_name(at::ScalarType type);
// Takes LibTorch's other names too ("float", "half", "long"). Nothing where the name is none.
std::optional<at::ScalarType> dtype_by_name(std::string_view name);
// "float32[1,3,224,224]".
std::string tensor_title(const at::Tensor& tensor);
// "float64, float32, …", for messages.
std::string known_dtypes();

} // namespace tsir
