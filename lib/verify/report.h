// Verdicts as a table and a sentence.
#pragma once

#include "lib/verify/verdict.h"

namespace tsir {

// One row a pass: what it changed, whether results stayed, by how much they are off, and why.
std::string verdict_table(const std::vector<PassVerdict>& verdicts);
// "92 passes: 60 changed nothing, 20 identical, 3 equal within tolerance, 9 refused".
std::string verdict_summary(const std::vector<PassVerdict>& verdicts);
// Remarks (strides, shared storage), known defects and reproducers, a line each; "" where there are none.
std::string verdict_remarks(const std::vector<PassVerdict>& verdicts);

} // namespace tsir
