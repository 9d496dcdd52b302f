// Tolerances as text: [DTYPE=]RTOL[,ATOL], as often as wanted.
#pragma once

#include "lib/base/setting.h"
#include "lib/run/compare.h"

namespace tsir {

// Throws Error(usage) that says how it is written; `source`: what the text was given as.
Tolerance parse_tolerances(const std::vector<std::string>& texts, Setting source = Setting::tolerance);

} // namespace tsir
