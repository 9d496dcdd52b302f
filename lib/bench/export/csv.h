// Exports a bench as CSV for R, pandas and spreadsheets.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// hyperfine's columns, in seconds, with a line for each timed variant. Identical variants are left out, because no
// column could mark them.
std::string times_csv(const BenchOutcome& result);

// Every sample, in the order in which they were taken. Round, block, slot and call are numbered from 0, rounds across
// all groups of variants. If several calls were timed together, a line is the mean of such a batch, and `call` is its
// first call. Rounds without valid times are left out. `t_start_ns` is relative to the first group's start.
std::string samples_csv(const BenchOutcome& result);

} // namespace tsir
