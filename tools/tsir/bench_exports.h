// The files that `tsir bench` can write for other programs.
#pragma once

#include "lib/bench/job/export_files.h"

#include <CLI/CLI.hpp>

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
  std::vector<ExportFile> files() const; // those asked for
};

} // namespace tsir::tool
