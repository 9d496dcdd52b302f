// The parts of a report page. Private to page*.cpp.
#pragma once

#include "lib/report/page/data.h"

#include <string>
#include <string_view>

namespace tsir {

// What was asked, all passes in one table, and the bench.
std::string overview_html(const ReportData& data);
// The list of links to the passes; those in a row that changed nothing are folded.
std::string pass_list_html(const ReportData& data);
// A section for each pass.
std::string passes_html(const ReportData& data);
// All drawings.
std::string pictures_html(const ReportData& data);

// "<td>text</td>", escaped.
std::string element(std::string_view name, std::string_view text, std::string_view attributes = "");
// The text with an interval "[1.40, 1.44]" that is not broken into lines.
std::string with_whole_interval(std::string text);
// A verdict as a coloured word: "identical", "FASTER 1.42x [1.40, 1.44]". "" for "".
std::string verdict_html(const std::string& word, const std::string& text);
// Whether the pass has nothing to look at: it changed nothing, did not fail, and reports nothing.
bool is_idle(const ReportPass& pass);
// "−3 aten::dropout, +1 aten::linear".
std::string operators_text(const ReportPass& pass, size_t most);

} // namespace tsir
