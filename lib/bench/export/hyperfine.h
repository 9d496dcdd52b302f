// A bench in the files of hyperfine, for the scripts and trackers that read those.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// `results`, in seconds: one for each variant that was timed, with every sample in `times`. Identical ones are left
// out: a test would take their samples for new ones. `parameters` holds the passes and the verdict.
nlohmann::ordered_json hyperfine_json(const BenchOutcome& result);

// The table, identical variants included, with the interval of `Relative` and the verdict added at the right.
std::string hyperfine_markdown(const BenchOutcome& result);

} // namespace tsir
