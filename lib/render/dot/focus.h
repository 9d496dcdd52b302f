// The part of a drawing around one value.
#pragma once

#include "lib/render/dot/drawing.h"

#include <string>

namespace tsir {

// What makes, uses or holds `value` ("%x" or "x"), and all that lies at most `depth` edges from it, in either
// direction. Where edges are cut off, a box "…" says how many. Throws Error(usage) with names near to `value` where
// there is none.
Drawing around(const Drawing& drawing, const std::string& value, size_t depth);

} // namespace tsir
