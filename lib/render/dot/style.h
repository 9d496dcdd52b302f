// How each kind of box, edge and frame looks: by shape and border as well as by colour, so that it is legible in black
// and white too.
#pragma once

#include "lib/render/dot/drawing.h"

namespace tsir {

struct BoxStyle {
  const char* shape; // a Graphviz shape
  const char* style; // "filled,rounded"
  const char* fill;
  const char* border;
  const char* width;   // of the border, in points
  const char* outline; // the shape and border in words, for the legend
  const char* meaning; // in the legend
};

const BoxStyle& style_of(BoxKind kind);

struct EdgeStyle {
  const char* style;
  const char* color;
  const char* arrow; // a Graphviz arrow type
  const char* outline;
  const char* meaning; // empty: needs no word
};

const EdgeStyle& style_of(EdgeKind kind);

struct ClusterStyle {
  const char* style;
  const char* fill;
  const char* border;
  const char* outline;
  const char* meaning;
};

const ClusterStyle& style_of(ClusterKind kind);

// The border of what a drawing is around.
inline constexpr const char* focus_border = "#ff6f00";
inline constexpr const char* focus_width = "5";
inline constexpr const char* focus_outline = "very thick border";

// The border of boxes that change a value in place.
inline constexpr const char* writes_border = "#c62828";
inline constexpr const char* writes_outline = "double red border";
inline constexpr const char* writes_meaning = "changes a value in place";

} // namespace tsir
