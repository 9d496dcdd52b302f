// Writes a drawing as DOT text with libcgraph, or renders it with libgvc.
#pragma once

#include "lib/render/dot/drawing.h"

#include <string>
#include <vector>

namespace tsir {

struct DotSettings {
  bool legend = true;
  bool left_to_right = false; // otherwise top to bottom
  bool edge_labels = true;
};

// Which program of Graphviz places the boxes.
enum class Engine {
  dot,  // layers, few crossings
  rows, // tsir places the boxes in rows, without looking for few crossings, and Graphviz draws straight edges: linear
        // time. Frames are not drawn.
};

// Throws Error(check) if Graphviz fails.
std::string to_dot(const Drawing& drawing, const DotSettings& settings = {});

struct Rendered {
  std::string bytes;
  std::string warning;    // a message of Graphviz in one line, for example that a bitmap was scaled down
  std::string simplified; // what was left out, and why; "" for nothing. See lay_out().
};

// Lays out the drawing in this process and returns the contents of the file. `format` is one of render_formats().
// Graphviz may take minutes or crash on thousands of boxes, and the layout is never freed: lay_out() does this in a
// child process. Throws Error(check).
Rendered render(const Drawing& drawing, const std::string& format, const DotSettings& settings = {},
                Engine engine = Engine::dot);
const std::vector<std::string>& render_formats(); // "svg", "png", "pdf"

} // namespace tsir
