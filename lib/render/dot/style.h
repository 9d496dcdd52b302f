// The appearance of boxes, edges and frames. Kinds differ in shape and border as well as in colour, so that the drawing
// is legible in black and white.
#pragma once

#include "lib/render/dot/drawing.h"

namespace tsir {

struct BoxStyle {
  const char* shape; // a Graphviz shape
  const char* style; // "filled,rounded"
  const char* fill;
  const char* border;
  const char* width;   // of the border, in points
  const char* outline; // description of the shape and border for the legend
  const char* meaning; // text in the legend
};

const BoxStyle& style_of(BoxKind kind);

struct EdgeStyle {
  const char* style;
  const char* color;
  const char* arrow; // a Graphviz arrow type
  const char* outline;
  const char* meaning; // empty: not in the legend
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

struct ChangeStyle {
  const char* style; // of the border, besides "filled"
  const char* fill;
  const char* border;
  const char* mark; // before the title
  const char* outline;
  const char* meaning;
};

// Not for Change::none.
const ChangeStyle& style_of(Change change);

// The fill of each step of a scale: from light yellow to orange. They differ in brightness, so that they can be told
// apart without seeing colours, and black text can be read on all of them.
const char* heat_fill(size_t step);
// Of boxes of which the number is not known.
inline constexpr const char* no_heat_fill = "#ffffff";

// The border of the boxes around which the drawing is centred.
inline constexpr const char* focus_border = "#ff6f00";
inline constexpr const char* focus_width = "5";
inline constexpr const char* focus_outline = "very thick border";

// The border of boxes that modify a value in place.
inline constexpr const char* writes_border = "#c62828";
inline constexpr const char* writes_outline = "double red border";
inline constexpr const char* writes_meaning = "changes a value in place";

} // namespace tsir
