// The part of a report that a bench gives.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"
#include "lib/report/job.h"

namespace tsir {

// Runs the bench in a child process. Fills in the data's bench, bench_text, profile and warnings, and the speed and
// profile of its passes, which must be there. Throws the Error that the bench meets.
void add_bench(const ReportJob& job, const ReportHooks& hooks, ReportData& data);

// What an outcome says, for a report of `passes` passes. For tests.
struct BenchPart {
  ReportTable table;
  std::string text;
  std::string plots;              // reduced; "" if gnuplot is not there
  std::vector<NamedText> profile; // before any pass
  std::vector<std::string> warnings;
  std::vector<ReportPass> passes; // only speed, speed_from_start and profile
};
BenchPart bench_part(const BenchOutcome& outcome, size_t passes);

} // namespace tsir
