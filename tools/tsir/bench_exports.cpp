#include "tools/tsir/bench_exports.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/bench/export/csv.h"
#include "lib/bench/export/hyperfine.h"
#include "lib/bench/export/rows.h"
#include "lib/bench/export/trace.h"
#include "lib/bench/export/trackers.h"
#include "lib/bench/plot/plot.h"

#include <array>
#include <filesystem>
#include <map>

namespace tsir::tool {
namespace {

using Json = nlohmann::ordered_json;

// How the files of a sweep's points become one.
enum class Join {
  json,   // arrays are appended, objects merged: rows have names of their own
  lines,  // without the title line of all but the first
  tables, // each is a table of its own
  none
};

struct Export {
  const char* flag = nullptr;
  std::string ExportOptions::*file = nullptr;
  const char* help = nullptr;
  Join join = Join::none;
  Json (*json)(const BenchResult&, const BenchContext&) = nullptr; // this, or `text`
  std::string (*text)(const BenchResult&, const BenchContext&) = nullptr;
  int indent = 2; // of JSON
};

constexpr int one_line = -1;
constexpr std::array<Export, 8> exports = {
    {{"--plot", &ExportOptions::plot,
      "Effects, distributions and all times as .svg, .png or .pdf, drawn by gnuplot; .gp: its script", Join::none},
     {"--export-json", &ExportOptions::hyperfine_json, "hyperfine's JSON, with every sample; for its scripts",
      Join::json, hyperfine_json, nullptr, one_line},
     {"--export-markdown", &ExportOptions::hyperfine_markdown, "hyperfine's table, with intervals and verdicts",
      Join::tables, nullptr, hyperfine_markdown},
     {"--export-csv", &ExportOptions::csv, "hyperfine's CSV, in seconds", Join::lines, nullptr, times_csv},
     {"--export-samples", &ExportOptions::samples, "CSV of every sample in the order taken; for R and pandas",
      Join::lines, nullptr, samples_csv},
     {"--trace", &ExportOptions::trace, "A timeline of slots and warm-up for Perfetto or chrome://tracing", Join::none,
      chrome_trace, nullptr, one_line},
     {"--ci-json", &ExportOptions::ci_json, "github-action-benchmark's customSmallerIsBetter", Join::json,
      action_benchmark_json},
     {"--bmf", &ExportOptions::bmf, "Bencher's metric format", Join::json, bencher_json}}};

// The one whose content goes by its file's ending.
bool is_plot(const Export& row) {
  return row.json == nullptr && row.text == nullptr;
}

std::string plotted(const ExportedBench& bench, const std::string& file) {
  return bench_plot(bench.result, bench.context, plot_format(file));
}

void append(Json& all, Json more) {
  if (all.is_array()) {
    for (Json& element : more) {
      all.push_back(std::move(element));
    }
    return;
  }
  for (auto& [key, value] : more.items()) {
    if (all.contains(key) && all[key].is_array()) {
      append(all[key], std::move(value));
    } else {
      all[key] = std::move(value);
    }
  }
}

std::string joined_text(const Export& row, const std::vector<ExportedBench>& benches) {
  std::string all;
  for (const ExportedBench& bench : benches) {
    std::string text = row.text(bench.result, bench.context);
    if (!all.empty() && row.join == Join::lines) {
      text.erase(0, text.find('\n') + 1);
    }
    all += (!all.empty() && row.join == Join::tables ? "\n" : "") + text;
  }
  return all;
}

std::string file_text(const Export& row, const std::vector<ExportedBench>& benches) {
  if (row.json == nullptr) {
    return joined_text(row, benches);
  }
  Json all = row.json(benches.front().result, benches.front().context);
  for (const ExportedBench& bench : std::span(benches).subspan(1)) {
    append(all, row.json(bench.result, bench.context));
  }
  return dump_export(all, row.indent);
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
    if (is_plot(row)) {
      plot_format(file);
    }
    if (sweep && row.join == Join::none) {
      throw Error(ErrorKind::usage,
                  fmt::format("{} shows one bench, not several points: leave out --batch, --input-set, --threads with "
                              "several numbers, --clients and --cold",
                              row.flag));
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

void ExportOptions::write(const std::vector<ExportedBench>& benches) const {
  std::exception_ptr failure; // measuring took its time: a full disk under one file does not take the others along
  for (const Export& row : exports) {
    if ((this->*row.file).empty()) {
      continue;
    }
    try {
      write_file(this->*row.file, is_plot(row) ? plotted(benches.front(), this->*row.file) : file_text(row, benches));
    } catch (const Error&) {
      failure = failure ? failure : std::current_exception();
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

} // namespace tsir::tool
