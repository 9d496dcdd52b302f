// A bench for services that keep the times of every commit.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// Both: a row a variant, identical ones with the times of their twins, so that no name's history has gaps. The value is
// the median over all samples; its range is half of Student's interval over the rounds' medians, absent for one round.

// github-action-benchmark's `customSmallerIsBetter`, in milliseconds.
nlohmann::ordered_json action_benchmark_json(const BenchOutcome& result);

// Bencher Metric Format: the measure `latency`, in nanoseconds.
nlohmann::ordered_json bencher_json(const BenchOutcome& result);

} // namespace tsir
