// What the exports have a line of: a variant and its times, under the name that all files give it.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

constexpr double seconds_per_ns = 1e-9;

struct ExportRow {
  std::string name;        // as in the google/benchmark report: "resnet18/forward/freeze,fuse"
  std::string passes;      // as in a pipeline
  std::string twin;        // the name of the row whose times these are; "" where they are its own
  const Group* group;      // that timed it, …
  size_t arm;              // … as this arm
  const Contrast* against; // the baseline; null for the baseline itself
  Summary summary;         // of that arm
  bool timed_itself() const { return twin.empty(); }
};

// Of the variants that have times, be it those of the variant that they are identical to.
std::vector<ExportRow> export_rows(const BenchOutcome& result);

// Nanoseconds a call of the rounds that count, in the order in which they were taken.
std::vector<double> counted_samples(const Measurement& measurement, size_t arm);

// "FASTER", "SAME, same graph as resnet18/forward/freeze", "IDENTICAL", "reference" for the baseline.
std::string verdict_word(const ExportRow& row);
// The same with numbers: "FASTER 1.42x [1.40, 1.44]".
std::string verdict_line(const ExportRow& row);

// JSON as text, with a newline. Never throws on text that is not UTF-8.
std::string dump_export(const nlohmann::ordered_json& json, int indent = 2);

} // namespace tsir
