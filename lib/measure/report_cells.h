// Cells that several tables of a bench have.
#pragma once

#include "lib/measure/bench.h"

namespace tsir {

// The verdict with its numbers; "" where there is none.
std::string contrast_text(const BenchResult& result, const Contrast* contrast);
// "equal", "off by 1.2e-07", "WRONG", "same graph as baseline".
std::string outputs_text(const CheckedVariant& variant);

} // namespace tsir
