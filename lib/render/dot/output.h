// Writes a drawing in the format that the name of the output file implies.
#pragma once

#include "lib/render/dot/layout.h"

namespace tsir {

// "dot" or one of render_formats(), according to the extension of the file; "dot" for "" and "-". Throws Error(usage).
std::string drawing_format(const std::string& file);

// `format` is the result of drawing_format(). Throws Error(check).
Rendered write_drawing(const Drawing& drawing, const std::string& format, const DotSettings& dot,
                       const LayoutSettings& layout = {});

} // namespace tsir
