// What a bench comes to: exit code, and the lines that say why.
#pragma once

#include "lib/bench/report/report.h"
#include "tools/tsir/bench_options.h"

namespace tsir::tool {

// A later call of the baseline may fail although its first ones did not: then there is nothing to report against, and
// this throws Error(check).
void check_baseline(const BenchResult& result);
// Why the run fails by its verdicts, a line each: --fail-on and --strict ask about all variants against the baseline.
std::vector<std::string> failing_verdicts(const BenchResult& result, const BenchOptions& options);
// 0 fine, 1 outputs differ or --fail-on has it so, 4 a pass failed or left a graph that does not run; 130 or 143 where
// the user stopped it. In a sweep over all passes, those that cannot do anything with the model are expected: they are
// rows, not failures.
int exit_code(const BenchResult& result, const BenchOptions& options, bool verdicts_fail);
// Variants that failed, a line each.
std::vector<std::string> failed_variants(const BenchResult& result);

// What is said in the end, of one bench or of a sweep.
struct Closing {
  int code = 0;
  std::vector<std::string> why; // lines, where the code is not 0
  std::string text;
  std::function<nlohmann::ordered_json()> json;
};
// Prints the report, or the JSON where that goes to the results; the lines on standard error, unless both go to one
// terminal and the report has said it already. Gives the code.
int close_bench(const Closing& closing, const BenchOptions& options, const Session& session);

} // namespace tsir::tool
