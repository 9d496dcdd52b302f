// Records one call with its operators on a time axis, for drawing. Uses at::RecordFunction, which also sees what
// operators call; its cost does not matter here.
#pragma once

#include "lib/bench/outcome/operators.h"
#include "lib/bench/timing/clock.h"

#include <functional>

namespace tsir {

OperatorTrack record_operators(const std::function<void()>& call, Clock& clock);

} // namespace tsir
