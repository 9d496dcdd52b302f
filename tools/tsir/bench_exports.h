// The files that `tsir bench` can write for other programs.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

// Names of files; "" where not asked for.
struct ExportOptions {
  std::string plot;
  std::string hyperfine_json;
  std::string hyperfine_markdown;
  std::string csv;
  std::string samples;
  std::string trace;
  std::string ci_json;
  std::string bmf;

  void add_to(CLI::App& app);
  // Throws Error(usage) where a file cannot be written or a plot not be drawn, or would be overwritten by another
  // result or overwrite the model, or cannot show a sweep's points. Call it before the work.
  void check(const JsonOption& json, const std::string& model, bool sweep) const;
  std::vector<std::string> files() const; // "" for those not asked for
  // Of one bench, or of a sweep's points together. Each file appears whole or not at all, and whatever becomes of the
  // others. Throws Error(check) in the end.
  void write(const std::vector<const BenchOutcome*>& benches) const;
};

} // namespace tsir::tool
