// --tolerance [DTYPE=]RTOL[,ATOL], as often as wanted.
#pragma once

#include "lib/run/compare.h"

namespace tsir::tool {

constexpr auto tolerance_help =
    "[DTYPE=]RTOL[,ATOL], several times: 1e-5, or float16=1e-2,1e-3; the defaults go by dtype";

// Throws Error(usage) that says how it is written.
// `option` is named in the message.
Tolerance parse_tolerances(const std::vector<std::string>& texts, std::string_view option = "--tolerance");

} // namespace tsir::tool
