// Reports operators as text and as JSON.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// Tables: an account of every contrast with a decision; only the baseline's operators if there is none. "" if operators
// were not profiled.
std::string operators_text(const BenchOutcome& result);
// The value of "attribution" in the JSON.
nlohmann::ordered_json operators_json(const BenchOutcome& result);

} // namespace tsir
