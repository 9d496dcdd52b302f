// A bench as tables for R, pandas and spreadsheets.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

// hyperfine's columns, in seconds: a line for each variant that was timed. Identical ones are left out, because no
// column could say so.
std::string times_csv(const BenchOutcome& result);

// Every sample, in the order in which it was taken: round, block, slot and call count from 0, rounds through all groups
// of variants. Where calls were timed several at a time, a line is the mean of such a batch, and `call` its first call.
// Rounds whose times mean nothing are left out. `t_start_ns` counts from the first group's start.
std::string samples_csv(const BenchOutcome& result);

} // namespace tsir
