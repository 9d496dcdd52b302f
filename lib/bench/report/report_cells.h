// Cells that several tables of a bench use.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// "model.pt forward"; only the file for a bare graph, whose name is that of the file.
std::string subject_text(const BenchContext& context);
// "1.2 ms"
std::string time_text(double nanoseconds);
// "too few calls" if the percentile would be one of the few largest samples, which are not representative.
std::string percentile_text(double nanoseconds, double p, size_t samples);
// The verdict with its numbers; "" if there is none.
std::string contrast_text(const BenchOutcome& result, const Contrast* contrast);
// Explains the words of verdicts.
std::string verdicts_text(const DecisionRule& rule);
// "equal", "off by 1.2e-07", "WRONG", "same graph as baseline".
std::string outputs_text(const VariantOutcome& variant);

} // namespace tsir
