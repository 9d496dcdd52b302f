// Classifies operators for the drawing, and finds those with side effects.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

BoxKind kind_of(const jit::Node& node);
// Whether the node writes to one of its arguments, as `aten::relu_` does.

} // namespace tsir
