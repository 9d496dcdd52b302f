// What a bench comes to: exit code, and the lines that say why.
#pragma once

#include "lib/measure/report.h"
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
// On standard error: variants that failed, and `verdicts`.
void print_failures(const BenchResult& result, const std::vector<std::string>& verdicts);

} // namespace tsir::tool
