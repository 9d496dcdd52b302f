// Parts of the report that not every bench has.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// "training": the parts of a step, losses, and who differentiates, for every variant that was timed.
ReportSection training_section(const BenchOutcome& result);
// "saved_baseline": each variant against the one of the same passes in the file.
ReportSection saved_baseline_section(const BenchOutcome& result);
// Those that `result` has.
std::vector<ReportSection> report_sections(const BenchOutcome& result);

} // namespace tsir
