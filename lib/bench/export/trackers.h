// Exports a bench for services that track the times of every commit.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// Both have a row for each variant. Identical variants have the times of the variant that they are identical to, so
// that no name's history has gaps. The value is the median over all samples; its range is half of Student's interval
// over the rounds' medians, absent for one round.

// github-action-benchmark's `customSmallerIsBetter`, in milliseconds.
nlohmann::ordered_json action_benchmark_json(const BenchOutcome& result);

// Bencher Metric Format: the measure `latency`, in nanoseconds.
nlohmann::ordered_json bencher_json(const BenchOutcome& result);

} // namespace tsir
