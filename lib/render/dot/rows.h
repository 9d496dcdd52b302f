// Places boxes in rows: a simple layout that takes linear time.
#pragma once

#include "lib/render/dot/drawing.h"

namespace tsir {

// The centre of a box, in points.
struct Place {
  double x = 0;
  double y = 0;
};

// One place for each box. A box is in a row below those of its inputs, except along edges that lead back to an earlier
// box, and no two boxes overlap, as far as the sizes of labels can be told without fonts.
std::vector<Place> places_in_rows(const Drawing& drawing, bool left_to_right);

} // namespace tsir
