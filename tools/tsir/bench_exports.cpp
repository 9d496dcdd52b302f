#include "tools/tsir/bench_exports.h"

#include <array>

namespace tsir::tool {
namespace {

struct Export {
  const char* flag = nullptr;
  std::string ExportOptions::*file = nullptr;
  const char* help = nullptr;
  std::optional<ExportFormat> format = std::nullopt; // as in ExportFile
};

constexpr std::array<Export, 8> exports = {
    {{"--plot", &ExportOptions::plot,
      "Plot effects, distributions and all times with gnuplot, as .svg, .png or .pdf; for .gp, write the gnuplot "
      "script"},
     {"--export-json", &ExportOptions::hyperfine_json,
      "Write hyperfine's JSON format, with every sample, for hyperfine's scripts", ExportFormat::hyperfine_json},
     {"--export-markdown", &ExportOptions::hyperfine_markdown,
      "Write hyperfine's Markdown table, with intervals and verdicts", ExportFormat::hyperfine_markdown},
     {"--export-csv", &ExportOptions::csv, "Write hyperfine's CSV format, in seconds", ExportFormat::csv},
     {"--export-samples", &ExportOptions::samples,
      "Write every sample as CSV, in the order in which they were taken, for R and pandas", ExportFormat::samples},
     {"--trace", &ExportOptions::trace, "Write a timeline of slots and warm-up, for Perfetto or chrome://tracing",
      ExportFormat::trace},
     {"--ci-json", &ExportOptions::ci_json, "Write github-action-benchmark's customSmallerIsBetter format",
      ExportFormat::action_benchmark},
     {"--bmf", &ExportOptions::bmf, "Write Bencher's metric format", ExportFormat::bencher}}};

} // namespace

void ExportOptions::add_to(CLI::App& app) {
  for (const Export& row : exports) {
    app.add_option(row.flag, this->*row.file, row.help)->type_name("FILE")->group("Files");
  }
}

std::vector<ExportFile> ExportOptions::files() const {
  std::vector<ExportFile> given;
  for (const Export& row : exports) {
    if (const std::string& file = this->*row.file; !file.empty()) {
      given.push_back({row.flag, row.format, file});
    }
  }
  return given;
}

} // namespace tsir::tool
