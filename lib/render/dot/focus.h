// Selects the part of a drawing around one value.
#pragma once

#include "lib/render/dot/drawing.h"

#include <string>

namespace tsir {

// Keeps the boxes that make, use or contain `value` ("%x" or "x"), and everything within `depth` edges in either
// direction. If edges are cut off, a box "…" shows their number. If the value does not exist, throws an Error(usage)
// that suggests similar names.
Drawing around(const Drawing& drawing, const std::string& value, size_t depth);

} // namespace tsir
