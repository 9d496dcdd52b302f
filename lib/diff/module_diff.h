// What differs between two modules beside their graphs: attributes, weights and buffers, submodules' too.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// A line each, by path: "fc.weight: float32[4,8] -> float32[4,16]", "fc.weight: other values", "fc.bias is gone". Reads
// the values of all tensors that both have.
std::vector<std::string> diff_attributes(const jit::Module& before, const jit::Module& after);

} // namespace tsir
