// The sub-families of quantization.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

// A module's method for examples: a linear layer and what follows it.
constexpr auto quantization_example = R"(def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.linear.forward(x))
)";

// The steps between observed values and quantized operators: rewrites of graphs and modules.
void register_quantization_rewrites(Registry&);

} // namespace tsir
