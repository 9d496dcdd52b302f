// Exports a bench in hyperfine's formats, for the scripts and trackers that read them.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// `results`, in seconds: one for each timed variant, with every sample in `times`. Identical variants are left out,
// because a statistical test would treat their samples as independent. `parameters` holds the passes and the verdict.
nlohmann::ordered_json hyperfine_json(const BenchOutcome& result);

// The table, with identical variants, and with columns for the interval of `Relative` and the verdict added at the
// right.
std::string hyperfine_markdown(const BenchOutcome& result);

} // namespace tsir
