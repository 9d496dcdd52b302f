// What kind of operator a node is, and whether it changes anything beside its results.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

BoxKind kind_of(const jit::Node& node);
// Writes to one of its arguments, as `aten::relu_` does.

} // namespace tsir
