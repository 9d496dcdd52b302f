#include "lib/bench/export/hyperfine.h"

#include "lib/bench/export/rows.h"

#include <cmath>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

Json result_json(const ExportRow& row) {
  std::vector<double> times = counted_samples(row.group->measurement, row.arm);
  for (double& time : times) {
    time *= seconds_per_ns;
  }
  Json json;
  json["command"] = row.name;
  json["mean"] = row.summary.mean * seconds_per_ns;
  json["stddev"] = times.size() > 1 ? Json(standard_deviation(times)) : Json(); // null, as in hyperfine
  json["median"] = row.summary.median * seconds_per_ns;
  json["user"] = row.summary.cpu * seconds_per_ns; // includes system time
  json["system"] = 0.0;
  json["min"] = row.summary.minimum * seconds_per_ns;
  json["max"] = row.summary.maximum * seconds_per_ns;
  json["times"] = times;
  json["exit_codes"] = std::vector<int>(times.size(), 0); // bencher requires them
  json["parameters"] = {{"passes", row.passes}, {"verdict", verdict_line(row)}};
  return json;
}

struct TableUnit {
  const char* name;
  double nanoseconds;
};

// The unit of the whole table is chosen by the first mean, as in hyperfine.
TableUnit unit_for(const std::vector<ExportRow>& rows) {
  const double mean = rows.empty() ? 0 : rows.front().summary.mean;
  return mean < 1e6 ? TableUnit{"µs", 1e3} : mean < 1e9 ? TableUnit{"ms", 1e6} : TableUnit{"s", 1e9};
}

// Escapes line ends and bars, which end a cell even within backticks.
std::string cell(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    safe += c == '|' ? "\\|" : std::string(1, c == '\n' || c == '\t' ? ' ' : c);
  }
  return safe;
}

std::string code(const std::string& text) {
  return text.find('`') == std::string::npos ? "`" + cell(text) + "`" : "`` " + cell(text) + " ``";
}

// The contrast's ratio, which is of calls side by side, and not the ratio of the means. The deviation is that of the
// rounds. With hyperfine's two digits, a ratio could be outside of its own interval.
std::string relative(const ExportRow& row) {
  if (row.against == nullptr || row.against->identical) {
    return "1.00";
  }
  if (!row.against->decision) {
    return "";
  }
  const Ratio& ratio = row.against->decision->ratio;
  return fmt::format("{:.3f}", ratio.ratio) +
         (ratio.round_ratios.size() > 1 ? fmt::format(" ± {:.3f}", standard_deviation(ratio.round_ratios)) : "");
}

// Shows the coverage if it is less than in the column's title, for lack of blocks.
std::string interval(const ExportRow& row) {
  if (row.against == nullptr || !row.against->decision) {
    return "";
  }
  const Ratio& ratio = row.against->decision->ratio;
  if (ratio.level <= 0 || !std::isfinite(ratio.low) || !std::isfinite(ratio.high)) {
    return "";
  }
  const bool short_of = ratio.level < ratio.asked - 1e-9;
  return fmt::format("[{:.3f}, {:.3f}]", ratio.low, ratio.high) +
         (short_of ? fmt::format(" ({:.0f} %)", 100 * ratio.level) : "");
}

std::string table_row(const ExportRow& row, double unit) {
  const Summary& times = row.summary;
  const std::vector<double> samples = counted_samples(row.group->measurement, row.arm);
  const std::string deviation = samples.size() > 1 ? fmt::format(" ± {:.3f}", standard_deviation(samples) / unit) : "";
  return fmt::format("| {} | {:.3f}{} | {:.3f} | {:.3f} | {} | {} | {} |\n", code(row.name), times.mean / unit,
                     deviation, times.minimum / unit, times.maximum / unit, relative(row), interval(row),
                     cell(verdict_word(row)));
}

} // namespace

Json hyperfine_json(const BenchOutcome& result) {
  Json results = Json::array();
  for (const ExportRow& row : export_rows(result)) {
    if (row.timed_itself()) {
      results.push_back(result_json(row));
    }
  }
  return {{"results", std::move(results)}};
}

std::string hyperfine_markdown(const BenchOutcome& result) {
  const std::vector<ExportRow> rows = export_rows(result);
  const TableUnit unit = unit_for(rows);
  std::string table =
      fmt::format("| Command | Mean [{0}] | Min [{0}] | Max [{0}] | Relative | {1:g} % CI | Verdict |\n", unit.name,
                  100 * (1 - result.context.settings.rule.alpha));
  table += "|:---|---:|---:|---:|---:|---:|:---|\n";
  for (const ExportRow& row : rows) {
    table += table_row(row, unit.nanoseconds);
  }
  return table;
}

} // namespace tsir
