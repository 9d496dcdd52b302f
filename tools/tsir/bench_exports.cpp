#include "tools/tsir/bench_exports.h"

#include "lib/core/error.h"
#include "lib/core/output_file.h"
#include "lib/measure/export/csv.h"
#include "lib/measure/export/hyperfine.h"
#include "lib/measure/export/rows.h"
#include "lib/measure/export/trace.h"
#include "lib/measure/export/trackers.h"
#include "lib/measure/plot/plot.h"

#include <array>
#include <filesystem>
#include <map>

namespace tsir::tool {
namespace {

struct Export {
  const char* flag;
  std::string ExportOptions::*file;
  const char* help;
  std::string (*content)(const BenchResult&, const BenchContext&, const std::string& file);
};

template <nlohmann::ordered_json (*make)(const BenchResult&, const BenchContext&), int indent = 2>
std::string dumped(const BenchResult& result, const BenchContext& context, const std::string& /*file*/) {
  return dump_export(make(result, context), indent);
}

template <std::string (*make)(const BenchResult&, const BenchContext&)>
std::string plain(const BenchResult& result, const BenchContext& context, const std::string& /*file*/) {
  return make(result, context);
}

std::string plotted(const BenchResult& result, const BenchContext& context, const std::string& file) {
  return bench_plot(result, context, plot_format(file));
}

constexpr int one_line = -1;
constexpr std::array<Export, 8> exports = {
    {{"--plot", &ExportOptions::plot,
      "Effects, distributions and all times as .svg, .png or .pdf, drawn by gnuplot; .gp: its script", plotted},
     {"--export-json", &ExportOptions::hyperfine_json, "hyperfine's JSON, with every sample; for its scripts",
      dumped<hyperfine_json, one_line>},
     {"--export-markdown", &ExportOptions::hyperfine_markdown, "hyperfine's table, with intervals and verdicts",
      plain<hyperfine_markdown>},
     {"--export-csv", &ExportOptions::csv, "hyperfine's CSV, in seconds", plain<times_csv>},
     {"--export-samples", &ExportOptions::samples, "CSV of every sample in the order taken; for R and pandas",
      plain<samples_csv>},
     {"--trace", &ExportOptions::trace, "A timeline of slots and warm-up for Perfetto or chrome://tracing",
      dumped<chrome_trace, one_line>},
     {"--ci-json", &ExportOptions::ci_json, "github-action-benchmark's customSmallerIsBetter",
      dumped<action_benchmark_json>},
     {"--bmf", &ExportOptions::bmf, "Bencher's metric format", dumped<bencher_json>}}};

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

void ExportOptions::check(const JsonOption& json, const std::string& model) const {
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
    if (row.content == plotted) {
      plot_format(file);
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

void ExportOptions::write(const BenchResult& result, const BenchContext& context) const {
  std::exception_ptr failure; // measuring took its time: a full disk under one file does not take the others along
  for (const Export& row : exports) {
    if ((this->*row.file).empty()) {
      continue;
    }
    try {
      write_file(this->*row.file, row.content(result, context, this->*row.file));
    } catch (const Error&) {
      failure = failure ? failure : std::current_exception();
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

} // namespace tsir::tool
