// The drawing of a graph as a whole: which calls are inlined, what is collapsed, and which part is kept.
#pragma once

#include "lib/render/dot/build.h"

namespace tsir {

struct DrawSettings {
  BuildSettings build;
  size_t collapse = 0;      // one box for each submodule this deep; 0: do not collapse
  bool inline_calls = true; // else the graph as it stands. Not read where something is collapsed
  std::string around;       // only what lies around this value ("%x" or "x"); empty for all of it
  size_t depth = 3;         // how many edges from that value
};

// Throws Error(usage) where there is nothing to collapse, or no such value.
Drawing draw(const jit::Graph& graph, const DrawSettings& settings);

// "model.pt · forward · after freeze-module". `file` is a path, or "-" for standard input; `method` and `passes` may be
// empty.
std::string drawing_title(const std::string& file, const std::string& method, const std::string& passes);

} // namespace tsir
