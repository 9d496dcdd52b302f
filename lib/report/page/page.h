// One self-contained HTML page of a report. It can be read without script, and is made again from itself.
#pragma once

#include "lib/report/page/data.h"

#include <string>
#include <string_view>

namespace tsir {

// The page. All text in it is escaped; the same data gives the same bytes.
std::string report_page(const ReportData& data);

// The data of a page. Throws Error(load) if the text is not such a page.
ReportData data_of_page(std::string_view page);

} // namespace tsir
