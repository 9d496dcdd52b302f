// Renders a drawing in child processes: Graphviz may take for ever on large drawings, or crash.
#pragma once

#include "lib/render/dot/graphviz.h"

#include <chrono>
#include <functional>

namespace tsir {

struct LayoutSettings {
  std::chrono::nanoseconds limit = std::chrono::seconds(60); // for all attempts together
  // Gets a line about ten times a second: "laying out 5,000 boxes: 12 s of 60 s"; may be empty.
  std::function<void(const std::string&)> progress = {};
};

// Renders in a child process with a large stack. What takes too long or fails is tried again in a simpler way: without
// labels of edges, then as Engine::rows. `simplified` of the result says so. Throws Error(check), which names Graphviz,
// if nothing works. `format` is one of render_formats().
Rendered lay_out(const Drawing& drawing, const std::string& format, const DotSettings& dot,
                 const LayoutSettings& settings = {});

// One way of rendering a drawing. For tests.
struct LayoutAttempt {
  const char* name; // "without labels of edges"
  double share;     // of the time that is left
  std::function<Rendered()> render;
};
// The result of the first attempt that gives one.
Rendered first_that_works(const std::vector<LayoutAttempt>& attempts, const std::string& what,
                          const LayoutSettings& settings);

} // namespace tsir
