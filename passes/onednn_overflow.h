// A fault of oneDNN that no exception tells of.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Whether the node is an addition that must not be fused with the product before it: oneDNN 3 writes past its memory if
// a product of one row with constant weights is longer than 1,024 and a tensor is added to it, also after element-wise
// operators. "double free or corruption" then ends the process. Reads the types of a profiled graph.
bool adds_to_long_row(const jit::Node& node);

} // namespace tsir
