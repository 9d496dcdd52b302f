// Compares the attributes of two modules, including weights, buffers and those of submodules.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// One line for each difference, ordered by path: "fc.weight: float32[4,8] -> float32[4,16]", "fc.weight: other values",
// "fc.bias was removed". Reads the values of all tensors that both modules have.
std::vector<std::string> diff_attributes(const jit::Module& before, const jit::Module& after);

} // namespace tsir
