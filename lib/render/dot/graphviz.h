// Writes a drawing as DOT text with libcgraph, or renders it with libgvc.
#pragma once

#include "lib/render/dot/drawing.h"

#include <string>
#include <vector>

namespace tsir {

struct DotSettings {
  bool legend = true;
  bool left_to_right = false; // otherwise top to bottom
};

// Throws Error(check) if Graphviz fails.
std::string to_dot(const Drawing& drawing, const DotSettings& settings = {});

struct Rendered {
  std::string bytes;
  std::string warning; // a message of Graphviz in one line, for example that a bitmap was scaled down
};

// Lays out the drawing and returns the contents of the file. `format` is one of render_formats(). The time grows
// steeply with the number of boxes: thousands take minutes. Throws Error(check).
Rendered render(const Drawing& drawing, const std::string& format, const DotSettings& settings = {});
const std::vector<std::string>& render_formats(); // "svg", "png", "pdf"

} // namespace tsir
