// Reports a bench as text and as JSON.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"

#include <nlohmann/json.hpp>

namespace tsir {

// An optional part of the report: training, or a comparison with a saved baseline.
struct ReportSection {
  std::string key; // under "tsir" in the JSON
  nlohmann::ordered_json json;
  std::string text; // below the tables; ends with a newline, or is empty
};

struct ReportOptions {
  bool percentiles = false; // adds a table of percentiles to the text
};

// The names of variants in all files: "resnet18/forward/freeze,fuse", with family and instance in the form that
// compare.py's filters expect. Text from file names is made printable. If two names are equal, the second gets a "#2",
// because trackers keep one value for each name.
std::vector<std::string> row_names(const BenchOutcome& result);

// Tables: each variant's times and ratios, the warm-up, and notes. Ends with a newline.
std::string report_text(const BenchOutcome& result, const ReportOptions& options = {});
// google/benchmark's `context` and `benchmarks`, with everything else under "tsir" (schema tsir.bench/1).
nlohmann::ordered_json report_json(const BenchOutcome& result);

// "FASTER 1.42x [1.40, 1.44]": a speed-up, also for SAME, INCONCLUSIVE and IDENTICAL. "SLOWER 1.05x [1.03, 1.07]": a
// slow-down. "SMALL 1.011x [1.005, 1.017] slower".
std::string describe(const Decision& decision);
// The same for a saved baseline; a single round has no interval.
std::string describe(const AcrossTime& pair);
// Notes on the numbers. Those of a point in a sweep leave out what its table shows in a column, and what is said for
// all points together.
enum class NoteScope { whole, point };
std::vector<std::string> report_notes(const BenchOutcome& result, NoteScope scope = NoteScope::whole);

} // namespace tsir
