// Converts a graph to a drawing.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

struct BuildSettings {
  std::string title;
  // show constants in the labels of the operators that use them, instead of in notes
  bool fold_constants = false;
  bool fold_parameters = false;        // likewise for weights
  bool fold_checks = true;             // draw a branch that only raises an error as one box
  bool types = true;                   // show types on edges
  const jit::Module* module = nullptr; // the module that owns the graph, for the shapes of weights
};

// Values are named as in lib/ir/text/print.h: user-given names are kept, and numbers are reassigned.
Drawing build_drawing(const jit::Graph& graph, const BuildSettings& settings);

} // namespace tsir
