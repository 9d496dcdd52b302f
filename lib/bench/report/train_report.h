// What a bench of training says beyond times and verdicts.
#pragma once

#include "lib/bench/report/report.h"
#include "lib/bench/variants/train.h"

namespace tsir {

// "training": the parts of a step, losses, and who differentiates, for every variant that was timed.
ReportSection training_section(const BenchResult& result, const Training& training);

} // namespace tsir
