// Operator profiles as text and as JSON.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// Tables: an account of every contrast that was decided; of the baseline alone where there is none. "" where no
// operators were profiled.
std::string operators_text(const BenchOutcome& result);
// The value of "attribution" in the JSON.
nlohmann::ordered_json operators_json(const BenchOutcome& result);

} // namespace tsir
