// Text in HTML and XML.
#pragma once

#include <string>
#include <string_view>

namespace tsir {

// For contents and attributes: & < > " ' become entities, and control characters (except tab and line end) and bytes
// that are not UTF-8 become \xNN.
std::string html_escaped(std::string_view text);

// Replaces the entities that html_escaped() and Graphviz write by their characters; others stay.
std::string xml_decoded(std::string_view text);

} // namespace tsir
