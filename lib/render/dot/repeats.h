// Draws repeated submodules once: "layer.0 … layer.11, 12 times".
#pragma once

#include "lib/render/dot/drawing.h"

namespace tsir {

enum class Sameness {
  exact,     // the same operators, with the same constants and sizes of weights
  operators, // the same operators
};

// Keeps the first of each run of sibling submodules of the same class with the same contents, each of which leads to
// the next, in a frame that says how often it comes. If it is a box for a whole submodule, its label says it.
Drawing repeats_once(const Drawing& drawing, Sameness sameness);

} // namespace tsir
