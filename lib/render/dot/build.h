// From a graph to a drawing of it.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

struct BuildSettings {
  std::string title;
  bool fold_constants = false;         // into the labels of the operators that use them, instead of a note beside each
  bool fold_parameters = false;        // weights likewise
  bool fold_checks = true;             // a branch that does nothing but raise an error is one box
  bool types = true;                   // on edges
  const jit::Module* module = nullptr; // whose method the graph is, for the shapes of its weights
};

// Values are named as lib/ir/text/print.h prints them: names that people gave stay, numbers are given afresh.
Drawing build_drawing(const jit::Graph& graph, const BuildSettings& settings);

} // namespace tsir
