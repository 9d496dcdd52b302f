#include "tools/tsir/bench_exports.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/bench/export/export_text.h"
#include "lib/bench/job/points.h"
#include "lib/bench/plot/plot.h"

#include <array>
#include <filesystem>
#include <map>

namespace tsir::tool {
namespace {

struct Export {
  const char* flag = nullptr;
  std::string ExportOptions::*file = nullptr;
  const char* help = nullptr;
  std::optional<ExportFormat> format = std::nullopt; // empty for the plot, whose format depends on the file's extension
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

std::string file_text(const Export& row, const std::string& file, const std::vector<const BenchOutcome*>& benches) {
  return row.format ? export_text(*row.format, benches) : bench_plot(*benches.front(), plot_format(file));
}

// The same for all spellings of a path.
std::filesystem::path identity(const std::string& file) {
  std::error_code failed;
  const auto path = std::filesystem::weakly_canonical(file, failed);
  return failed ? std::filesystem::path(file) : path;
}

} // namespace

void ExportOptions::add_to(CLI::App& app) {
  for (const Export& row : exports) {
    app.add_option(row.flag, this->*row.file, row.help)->type_name("FILE")->group("Files");
  }
}

void ExportOptions::check(const JsonOption& json, const std::string& model, bool sweep) const {
  std::map<std::filesystem::path, std::string> taken = {{identity(model), "the model"}};
  if (json.given && json.file != "-") {
    taken.emplace(identity(json.file), "--json=" + json.file);
  }
  for (const Export& row : exports) {
    const std::string& file = this->*row.file;
    if (file.empty()) {
      continue;
    }
    if (file == "-") {
      throw Error(ErrorKind::usage, fmt::format("{} needs a file; standard output is for the report", row.flag));
    }
    if (!row.format) {
      plot_format(file);
    }
    if (sweep && !(row.format && holds_points(*row.format))) {
      throw Error(ErrorKind::usage,
                  fmt::format("{} shows one bench, not several points: leave out {}", row.flag, axes_text()));
    }
    check_writable(file);
    const std::string use = fmt::format("{} {}", row.flag, file);
    const auto [other, first] = taken.emplace(identity(file), use);
    if (!first) {
      throw Error(ErrorKind::usage, fmt::format("{} and {}: one would overwrite the other", other->second, use));
    }
  }
}

std::vector<std::string> ExportOptions::files() const {
  std::vector<std::string> list;
  std::ranges::transform(exports, std::back_inserter(list), [this](const Export& row) { return this->*row.file; });
  return list;
}

void ExportOptions::write(const std::vector<const BenchOutcome*>& benches) const {
  std::exception_ptr failure; // measuring took long: if one file cannot be written, the others still are
  for (const Export& row : exports) {
    const std::string& file = this->*row.file;
    try {
      if (!file.empty()) {
        write_file(file, file_text(row, file, benches));
      }
    } catch (const Error&) {
      failure = failure ? failure : std::current_exception();
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

} // namespace tsir::tool
