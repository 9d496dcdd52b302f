// Colours a drawing by what its nodes need, or by how far their results deviate.
#pragma once

#include "lib/measure/measures.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

// Boxes and frames get a step of the scale and a text with their number: the sum over the nodes that they stand for,
// the largest for Measure::drift. The steps are thirds and tenths of the largest box; those of drift are the same in
// every drawing. `measures` are of the graph that was drawn, whose calls were inlined before.
void color_by(Drawing& drawing, const NodeMeasures& measures);

} // namespace tsir
