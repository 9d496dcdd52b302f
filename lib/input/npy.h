// Tensors as NumPy's .npy files, which programs in any language can read and write.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Throws Error(check) where the dtype has no .npy form (bfloat16, quantised), or the file cannot be written.
void write_npy(const std::string& path, const at::Tensor& tensor);
// Throws Error(load): no such file, no .npy, a dtype that tensors do not have, a size that the header belies.
at::Tensor read_npy(const std::string& path);

} // namespace tsir
