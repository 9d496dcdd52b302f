// Prints a graph with everything that it needs as .ir text: classes, functions, and the module that it belongs to.
#pragma once

#include "lib/ir/text/lossless.h"

namespace tsir::ir_text {

struct PrintedUnit {
  const jit::Graph& graph;
  // The module whose method the graph is; None for a standalone graph.
  c10::IValue module;
  std::string method;
};

// Values are numbered in order. Throws Error(check) if two different definitions have the same name, or if something
// does not have a text form.
std::string unit_text(const PrintedUnit& unit, bool locations, const KeepConstant& keep);

} // namespace tsir::ir_text
