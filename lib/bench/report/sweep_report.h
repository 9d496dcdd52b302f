// Reports a sweep as text and as JSON.
#pragma once

#include "lib/bench/outcome/sweep_outcome.h"
#include "lib/bench/report/report.h"

namespace tsir {

// One table with a line for each variant at each point, and notes. If caches are flushed, hot and cold points have
// separate tables. Ends with a newline.
std::string sweep_text(const SweepOutcome& sweep, const ReportOptions& options = {});
// As report_json, with rows of all points; everything else is in tsir.points.
nlohmann::ordered_json sweep_json(const SweepOutcome& sweep);
std::vector<std::string> sweep_notes(const SweepOutcome& sweep);

} // namespace tsir
