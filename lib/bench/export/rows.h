// A row of the exports: a variant and its times, under the name that is the same in all files.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

constexpr double seconds_per_ns = 1e-9;

struct ExportRow {
  std::string name;        // as in the google/benchmark report: "resnet18/forward/freeze,fuse"
  std::string passes;      // as in a pipeline
  std::string twin;        // the name of the row whose times these are; "" if they are its own
  const Group* group;      // that timed it, …
  size_t arm;              // … as this arm
  const Contrast* against; // the baseline; null for the baseline itself
  Summary summary;         // of that arm
  bool timed_itself() const { return twin.empty(); }
};

// The rows of all variants that have times, also if these are the times of an identical variant.
std::vector<ExportRow> export_rows(const BenchOutcome& result);

// Nanoseconds per call in the rounds that count, in the order in which they were taken.
std::vector<double> counted_samples(const Measurement& measurement, size_t arm);

// "FASTER", "SAME, same graph as resnet18/forward/freeze", "IDENTICAL", "reference" for the baseline.
std::string verdict_word(const ExportRow& row);
// The same with numbers: "FASTER 1.42x [1.40, 1.44]".
std::string verdict_line(const ExportRow& row);

// JSON as text, with a newline. Never throws on text that is not UTF-8.
std::string dump_export(const nlohmann::ordered_json& json, int indent = 2);

} // namespace tsir
