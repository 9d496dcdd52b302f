// Reads and writes tensors as NumPy's .npy files, a format that programs in many languages support.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Throws Error(check) if .npy does not support the dtype (bfloat16, quantised), or if the file cannot be written.
void write_npy(const std::string& path, const at::Tensor& tensor);
// Throws Error(load) if the file does not exist, is not an .npy file, has a dtype that tensors do not support, or does
// not match the size in its header.
at::Tensor read_npy(const std::string& path);

} // namespace tsir
