// The files that `tsir bench` can write for other programs.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

// File names; "" for those not asked for.
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
  // Throws Error(usage) if a file cannot be written, if a plot cannot be drawn, if two results or a result and the
  // model are the same file, or if a format cannot show a sweep's points. To be called before the work.
  void check(const JsonOption& json, const std::string& model, bool sweep) const;
  std::vector<std::string> files() const; // "" for those not asked for
  // Writes the results of one bench, or of all points of a sweep. Each file is written completely or not at all,
  // whether or not the others can be. Throws Error(check) after the last file.
  void write(const std::vector<const BenchOutcome*>& benches) const;
};

} // namespace tsir::tool
