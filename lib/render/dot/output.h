// Writes a drawing in the format that the name of the output file implies.
#pragma once

#include "lib/render/dot/graphviz.h"

namespace tsir {

// "dot" or one of render_formats(), according to the extension of the file; "dot" for "" and "-". Throws Error(usage).
std::string drawing_format(const std::string& file);

// Checks that the drawing is not too large to be useful. Throws Error(usage) if it has too many boxes to be rendered,
// because the layout would take minutes. Returns a warning if it is written as DOT but has too many boxes to be
// readable, otherwise "". `name` is used in messages.
std::string check_drawing_size(const Drawing& drawing, const std::string& format, const std::string& name);

// `format` is the result of drawing_format(). Throws Error(check).
Rendered write_drawing(const Drawing& drawing, const std::string& format, const DotSettings& settings);

} // namespace tsir
