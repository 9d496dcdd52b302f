// The files for other tools, by format: of one bench, or of a sweep's points together.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"

#include <span>

namespace tsir {

enum class ExportFormat { hyperfine_json, hyperfine_markdown, csv, samples, trace, action_benchmark, bencher };

// Whether a file of that format can hold several points.
bool holds_points(ExportFormat format);
// The file's text. Of several benches, whose rows have names of their own, where holds_points(format).
std::string export_text(ExportFormat format, std::span<const BenchOutcome* const> benches);

} // namespace tsir
