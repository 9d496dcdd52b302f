// Draws a whole graph: decides which calls are inlined, what is collapsed, and which part is kept.
#pragma once

#include "lib/render/dot/build.h"

namespace tsir {

struct DrawSettings {
  BuildSettings build;
  size_t collapse = 0;      // draw each submodule of this depth as one box; 0: do not collapse
  bool inline_calls = true; // otherwise calls are not inlined. Ignored if collapse is set
  std::string around;       // draw only the neighbourhood of this value ("%x" or "x"); empty for everything
  size_t depth = 3;         // the distance from that value, in edges
};

// Throws Error(usage) if there is nothing to collapse, or if the value does not exist.
Drawing draw(const jit::Graph& graph, const DrawSettings& settings);

// "model.pt · forward · after freeze-module". `file` is a path, or "-" for standard input. `method` and `passes` may be
// empty.
std::string drawing_title(const std::string& file, const std::string& method, const std::string& passes);

} // namespace tsir
