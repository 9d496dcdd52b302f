// Writes verdicts as a table, a summary and remarks.
#pragma once

#include "lib/verify/sweep.h"

namespace tsir {

// One row for each pass: the verdict on its results, how much they differ, the time, and the reason.
std::string verdict_table(const std::vector<PassVerdict>& verdicts);
// "92 passes: 60 changed nothing, 20 identical, 3 equal within tolerance, 9 refused".
std::string verdict_summary(const std::vector<PassVerdict>& verdicts);
// Remarks (strides, shared storage) and reproducers, one line each; "" if there are none.
std::string verdict_remarks(const std::vector<PassVerdict>& verdicts);

// "time: 12.3 s, 1.08 times the floor of 11.4 s (opening 0.5 s, …), 1 at once", one line.
std::string cost_line(const SweepCost& cost);

} // namespace tsir
