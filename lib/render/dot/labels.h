// The labels of boxes, in Graphviz's HTML-like language, and plain labels with its escapes.
#pragma once

#include "lib/render/dot/drawing.h"

#include <string>

namespace tsir {

// The box's title in bold, then its lines, what it defines, and where it belongs, in small print.
std::string html_label(const Box& box);
// A table that says what the shapes and colours in `drawing` mean; only what it has.
std::string html_legend(const Drawing& drawing);
// Text for an attribute that Graphviz reads escape sequences in: backslashes doubled, line ends as \n.
std::string plain_label(const std::string& text);

} // namespace tsir
