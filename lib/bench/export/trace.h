// Exports a bench as a timeline.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// Chrome's trace format, which Perfetto reads: a process for each variant and for the control, with a track of timed
// slots, one of warm-up calls, and a counter of involuntary switches. Microseconds from the first group's start.
nlohmann::ordered_json chrome_trace(const BenchOutcome& result);

} // namespace tsir
