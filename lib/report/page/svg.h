// Graphviz's SVG, reduced to what a page needs.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace tsir {

// Keeps shapes, texts and their colours, and drops everything else: identifiers, links, tooltips, comments, unknown
// elements and attributes. What stays is written anew and escaped, so that a hostile file cannot put script into it.
// Boxes are <g class="n" data-n="INDEX">, edges <g class="e" data-e="FROM TO">, frames <g class="c" data-c="INDEX">;
// colours and font sizes become classes, which svg_style() explains. An SVG that was reduced before stays the same.
// Returns "" for a text that is not SVG.
std::string reduced_svg(std::string_view svg);

// The classes of colours and font sizes that occur in a reduced SVG.
void add_svg_classes(std::string_view reduced, std::set<std::string>& classes);

// CSS rules for these classes, for a light page, or for a dark one.
std::string svg_style(const std::set<std::string>& classes, bool dark);

} // namespace tsir
