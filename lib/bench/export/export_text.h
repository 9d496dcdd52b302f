// Writes the files for other tools, in each format: of one bench, or of all points of a sweep.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"

#include <span>

namespace tsir {

enum class ExportFormat { hyperfine_json, hyperfine_markdown, csv, samples, trace, action_benchmark, bencher };

// Whether a file of that format can hold several points.
bool holds_points(ExportFormat format);
// The file's text. Several benches, whose rows have different names, are allowed if holds_points(format).
std::string export_text(ExportFormat format, std::span<const BenchOutcome* const> benches);

} // namespace tsir
