// Parses tolerances: any number of texts of the form [DTYPE=]RTOL[,ATOL].
#pragma once

#include "lib/base/setting.h"
#include "lib/run/compare.h"

namespace tsir {

// Throws Error(usage) with the expected form. `source`: the setting that the texts were given as.
Tolerance parse_tolerances(const std::vector<std::string>& texts, Setting source = Setting::tolerance);

} // namespace tsir
