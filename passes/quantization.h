// The parts of the quantization family.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

// A module's method for examples: a linear layer and a relu.
constexpr auto quantization_example = R"(def forward(self, x: Tensor) -> Tensor:
    return torch.relu(self.linear.forward(x))
)";

// The steps from observed values to quantized operators: rewrites of graphs and modules.
void register_quantization_rewrites(Registry&);

} // namespace tsir
