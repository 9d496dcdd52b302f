// Converts a graph to a drawing.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

struct BuildSettings {
  std::string title;
  // show constants in the labels of the operators that use them, instead of in notes
  bool fold_constants = false;
  bool fold_parameters = false; // likewise for weights
  // draw an arm of a branch that only raises an error as one box, and the fallback of a fused group as a line
  bool fold_checks = true;
  bool hide_checks = false;            // do not draw these either, nor branches that never run
  bool fold_scalars = false;           // show computations of sizes and other scalars as text where they are used
  bool types = true;                   // show types on edges
  const jit::Module* module = nullptr; // the module that owns the graph, for the shapes of weights
  // The submodule of each node, in the order of walk(), of a graph whose calls are inlined; nullptr for what the nodes
  // themselves record, which leaves out containers that are not called.
  const std::vector<std::vector<ModuleStep>>* modules = nullptr;
};

// Values are named as in lib/ir/text/print.h: user-given names are kept, and numbers are reassigned.
Drawing build_drawing(const jit::Graph& graph, const BuildSettings& settings);

struct BuiltDrawing {
  Drawing drawing;
  GraphPtr graph;                      // the renumbered copy that was drawn
  std::vector<const jit::Node*> nodes; // of `graph`, for each box; nullptr for boxes that are not of one node
};
BuiltDrawing build_with_nodes(const jit::Graph& graph, const BuildSettings& settings);

} // namespace tsir
