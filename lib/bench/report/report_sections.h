// Optional parts of the report.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// "training": for every timed variant, the parts of a step, the losses, and whether autodiff or autograd
// differentiates.
ReportSection training_section(const BenchOutcome& result);
// "saved_baseline": each variant against the one of the same passes in the file.
ReportSection saved_baseline_section(const BenchOutcome& result);
// All sections that `result` has.
std::vector<ReportSection> report_sections(const BenchOutcome& result);

} // namespace tsir
