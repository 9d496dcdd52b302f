#include "lib/bench/export/export_text.h"

#include "lib/bench/export/csv.h"
#include "lib/bench/export/hyperfine.h"
#include "lib/bench/export/rows.h"
#include "lib/bench/export/trace.h"
#include "lib/bench/export/trackers.h"

namespace tsir {
namespace {

// How the files of a sweep's points are joined.
enum class Join {
  json,   // arrays are appended, objects merged
  lines,  // the title line is kept only once
  tables, // each is a separate table
  none
};

struct Exporter {
  Join join = Join::none;
  nlohmann::ordered_json (*json)(const BenchOutcome&) = nullptr; // this, or `text`
  std::string (*text)(const BenchOutcome&) = nullptr;
  int indent = 2; // of JSON
};

Exporter exporter_of(ExportFormat format) {
  constexpr int one_line = -1;
  switch (format) {
  case ExportFormat::hyperfine_json:
    return {Join::json, hyperfine_json, nullptr, one_line};
  case ExportFormat::hyperfine_markdown:
    return {Join::tables, nullptr, hyperfine_markdown};
  case ExportFormat::csv:
    return {Join::lines, nullptr, times_csv};
  case ExportFormat::samples:
    return {Join::lines, nullptr, samples_csv};
  case ExportFormat::trace:
    return {Join::none, chrome_trace, nullptr, one_line};
  case ExportFormat::action_benchmark:
    return {Join::json, action_benchmark_json};
  case ExportFormat::bencher:
    break;
  }
  return {Join::json, bencher_json};
}

void append(nlohmann::ordered_json& all, nlohmann::ordered_json more) {
  if (all.is_array()) {
    for (nlohmann::ordered_json& element : more) {
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

std::string joined_text(const Exporter& exporter, std::span<const BenchOutcome* const> benches) {
  std::string all;
  for (const BenchOutcome* bench : benches) {
    std::string text = exporter.text(*bench);
    if (!all.empty() && exporter.join == Join::lines) {
      text.erase(0, text.find('\n') + 1);
    }
    all += (!all.empty() && exporter.join == Join::tables ? "\n" : "") + text;
  }
  return all;
}

} // namespace

bool holds_points(ExportFormat format) {
  return exporter_of(format).join != Join::none;
}

std::string export_text(ExportFormat format, std::span<const BenchOutcome* const> benches) {
  const Exporter exporter = exporter_of(format);
  if (exporter.json == nullptr) {
    return joined_text(exporter, benches);
  }
  nlohmann::ordered_json all = exporter.json(*benches.front());
  for (const BenchOutcome* bench : benches.subspan(1)) {
    append(all, exporter.json(*bench));
  }
  return dump_export(all, exporter.indent);
}

} // namespace tsir
