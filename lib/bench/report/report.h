// A bench as text and as JSON.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"

#include <nlohmann/json.hpp>

namespace tsir {

// A part of the report that was asked for: training, a comparison with a saved baseline.
struct ReportSection {
  std::string key; // under "tsir" in the JSON
  nlohmann::ordered_json json;
  std::string text; // below the tables; ends with a newline, or is empty
};

struct ReportOptions {
  bool percentiles = false; // a table of them, in the text
};

// By variant, for all files: "resnet18/forward/freeze,fuse", family and instance as compare.py's filters want them.
// Text from file names is made printable. Where two variants are alike, the second gets a "#2": trackers keep one value
// a name.
std::vector<std::string> row_names(const BenchOutcome& result);

// Tables: each variant's times and ratios, the warm-up, and notes. Ends with a newline.
std::string report_text(const BenchOutcome& result, const ReportOptions& options = {});
// google/benchmark's `context` and `benchmarks`, with everything else under "tsir" (schema tsir.bench/1).
nlohmann::ordered_json report_json(const BenchOutcome& result);

// "FASTER 1.42x [1.40, 1.44]", a speed-up, as in SAME, INCONCLUSIVE and IDENTICAL; "SLOWER 1.05x [1.03, 1.07]", a
// slow-down; "SMALL 1.011x [1.005, 1.017] slower".
std::string describe(const Decision& decision);
// The same; a single round has no interval.
std::string describe(const AcrossTime& pair);
// Notes for the reader of the numbers, a line each. A point of a sweep leaves out what its table has a column for, and
// what is said of all points together.
enum class NoteScope { whole, point };
std::vector<std::string> report_notes(const BenchOutcome& result, NoteScope scope = NoteScope::whole);

} // namespace tsir
