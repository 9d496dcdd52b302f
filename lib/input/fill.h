// Tensors from their texts: `float32[1,3]=randint(0,5)`.
#pragma once

#include "lib/input/value.h"

namespace tsir {

// A CPU tensor, filled from `generator`; LibTorch's own generator is not touched. Throws Error(usage) where the fill
// does not suit the dtype, or the tensor would not fit into the memory that is free now.
at::Tensor make_tensor(const TensorText& text, at::Generator& generator);

// A generator of its own for each argument, so that its values depend on the seed and its place alone.
at::Generator make_generator(uint64_t seed, size_t argument);

} // namespace tsir
