#include "lib/bench/export/trackers.h"

#include "lib/base/units.h"
#include "lib/bench/export/rows.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

constexpr double ns_per_ms = 1e6;

// Half the width of a latency's interval, in nanoseconds.
std::optional<double> half_width(const Summary& summary, double level) {
  if (summary.round_medians.size() < 2) {
    return std::nullopt;
  }
  const Interval interval = t_interval(summary.round_medians, level);
  return (interval.high - interval.low) / 2;
}

} // namespace

Json action_benchmark_json(const BenchOutcome& result) {
  Json list = Json::array();
  for (const ExportRow& row : export_rows(result)) {
    Json entry = {{"name", row.name}, {"unit", "ms"}, {"value", row.summary.median / ns_per_ms}};
    if (const auto half = half_width(row.summary, 1 - result.context.settings.rule.alpha)) {
      entry["range"] = fmt::format("± {:.4g}", *half / ns_per_ms);
    }
    entry["extra"] = fmt::format("{}; {}, {}", verdict_line(row), plural(row.summary.round_medians.size(), "round"),
                                 plural(row.summary.calls, "call"));
    list.push_back(std::move(entry));
  }
  return list;
}

Json bencher_json(const BenchOutcome& result) {
  Json report = Json::object();
  for (const ExportRow& row : export_rows(result)) {
    const double value = row.summary.median;
    Json latency = {{"value", value}};
    if (const auto half = half_width(row.summary, 1 - result.context.settings.rule.alpha)) {
      latency["lower_value"] = std::max(0.0, value - *half); // two rounds that differ give a wide interval
      latency["upper_value"] = value + *half;
    }
    report[row.name] = {{"latency", std::move(latency)}};
  }
  return report;
}

} // namespace tsir
