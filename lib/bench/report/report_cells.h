// Cells that several tables of a bench have.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// "model.pt forward"; the file alone for a graph by itself, which has its file's name.
std::string subject_text(const BenchContext& context);
// "1.2 ms"
std::string time_text(double nanoseconds);
// "too few calls" where the percentile would be one of the largest few, which says nothing about the next thousand.
std::string percentile_text(double nanoseconds, double p, size_t samples);
// The verdict with its numbers; "" where there is none.
std::string contrast_text(const BenchOutcome& result, const Contrast* contrast);
// What the words of verdicts mean.
std::string verdicts_text(const DecisionRule& rule);
// "equal", "off by 1.2e-07", "WRONG", "same graph as baseline".
std::string outputs_text(const VariantOutcome& variant);

} // namespace tsir
