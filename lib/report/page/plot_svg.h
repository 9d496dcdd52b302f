// gnuplot's SVG, reduced to what a page needs.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// As reduced_svg() does for Graphviz (svg.h): shapes, symbols and texts stay, with colours as classes that svg_style()
// explains; everything else is dropped, and the white ground too. A plot that was reduced before stays the same.
// Returns
// "" for a text that is not SVG.
std::string reduced_plot(std::string_view svg);

} // namespace tsir
