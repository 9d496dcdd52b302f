// Makes the labels of boxes in Graphviz's HTML-like language, and plain labels with Graphviz's escape sequences.
#pragma once

#include "lib/render/dot/drawing.h"

#include <string>

namespace tsir {

// The title of the box in bold, followed by its lines, and by its values and its module in small print.
std::string html_label(const Box& box);
// A table with the meaning of the shapes and colours that are used in `drawing`.
std::string html_legend(const Drawing& drawing);
// Escapes text for an attribute in which Graphviz interprets escape sequences: backslashes are doubled, and line ends
// become \n.
std::string plain_label(const std::string& text);

} // namespace tsir
