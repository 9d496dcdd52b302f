// Joins boxes of a drawing that need not belong to one submodule.
#pragma once

#include "lib/render/dot/drawing.h"

namespace tsir {

// Draws each outermost branch, loop, and fused group as one box.
Drawing frames_as_boxes(const Drawing& drawing);

// Joins boxes that follow each other in the graph, so that at most `most` boxes remain, or three if that is more. There
// are no frames in the result.
Drawing consecutive_as_boxes(const Drawing& drawing, size_t most);

// Joins boxes of the same Change that follow each other. There are no frames in the result.
Drawing same_changes_as_boxes(const Drawing& drawing);

} // namespace tsir
