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

// Whether the pass has nothing to look at: it changed nothing, did not fail, and reports nothing.
bool is_idle(const ReportPass& pass);
// "−3 aten::dropout, +1 aten::linear".
std::string operators_text(const ReportPass& pass, size_t most);

} // namespace tsir
