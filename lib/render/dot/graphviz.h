// A drawing as DOT text through libcgraph, and rendered through libgvc.
#pragma once

#include "lib/render/dot/drawing.h"

#include <string>
#include <vector>

namespace tsir {

struct DotSettings {
  bool legend = true;
  bool left_to_right = false; // else top to bottom
};

// Throws Error(check) in one line where Graphviz fails.
std::string to_dot(const Drawing& drawing, const DotSettings& settings = {});

struct Rendered {
  std::string bytes;
  std::string warning; // what Graphviz had to say, in one line: that a bitmap was scaled down, say
};

// Lays out the drawing and gives the file's bytes. `format` is one of render_formats(). Time grows steeply with the
// number of boxes: thousands take minutes. Throws Error(check).
Rendered render(const Drawing& drawing, const std::string& format, const DotSettings& settings = {});
const std::vector<std::string>& render_formats(); // "svg", "png", "pdf"

} // namespace tsir
