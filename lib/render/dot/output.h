// A drawing as the contents of a file, of the format that the file's name asks for.
#pragma once

#include "lib/render/dot/graphviz.h"

namespace tsir {

// "dot" or one of render_formats(), by the ending of the file's name; "dot" for "" and "-". Throws Error(usage).
std::string drawing_format(const std::string& file);

// Whether a person can make use of the drawing. Throws Error(usage) where it has too many boxes to be rendered, as its
// layout would take minutes. Returns a warning where it is written as DOT and has too many to be read, else "". `name`:
// what it is called in messages.
std::string check_drawing_size(const Drawing& drawing, const std::string& format, const std::string& name);

// `format`: of drawing_format(). Throws Error(check).
Rendered write_drawing(const Drawing& drawing, const std::string& format, const DotSettings& settings);

} // namespace tsir
