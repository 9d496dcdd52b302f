// A graph with all that it needs, as .ir text: classes, functions, the module that it belongs to.
#pragma once

#include "lib/ir/text/lossless.h"

namespace tsir::ir_text {

struct PrintedUnit {
  const jit::Graph& graph;
  // Of whose method the graph is; None for a graph by itself.
  c10::IValue module;
  std::string method;
};

// Values are numbered in order. Throws Error(check) where two different things have one name, or something has no text.
std::string unit_text(const PrintedUnit& unit, bool locations, const KeepConstant& keep);

} // namespace tsir::ir_text
