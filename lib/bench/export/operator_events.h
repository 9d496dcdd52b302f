// Exports the operators of one call as events of a Chrome trace.
#pragma once

#include "lib/bench/outcome/operators.h"

#include <nlohmann/json.hpp>

namespace tsir {

// A slice for the call and one for each operator, nested as they ran. `zero`: the start of the trace, on the clock.
std::vector<nlohmann::ordered_json> operator_events(const OperatorTrack& track, size_t pid, int tid, int64_t zero);

} // namespace tsir
