// The sub-families of quantization.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

// The steps between observed values and quantized operators: rewrites of graphs and modules.
void register_quantization_rewrites(Registry&);

} // namespace tsir
