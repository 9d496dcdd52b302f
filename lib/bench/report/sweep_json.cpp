#include "lib/bench/report/sweep_report.h"

#include "lib/bench/report/report_json_parts.h"
#include "lib/bench/report/sweep_figures.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

Json figures_json(const PointFigures& figures) {
  Json json = {{"calls_per_second", figures.calls_per_second}};
  if (figures.items_per_second) {
    json["items_per_second"] = *figures.items_per_second;
  }
  if (figures.latency) {
    json["calls"] = figures.latency->calls;
    json["latency"] = {{"calls", figures.latency->calls},
                       {"p50_ms", ms(figures.latency->median)},
                       {"p90_ms", ms(figures.latency->p90)},
                       {"p99_ms", ms(figures.latency->p99)},
                       {"max_ms", ms(figures.latency->longest)}};
  }
  return json;
}

Json point_json(const PointOutcome& point, Json report) {
  Json coordinates = Json::object();
  for (const Coordinate& coordinate : point.point.coordinates) {
    coordinates[coordinate.axis] = coordinate.value;
  }
  Json json = {{"label", point.point.label()}, {"coordinates", coordinates}, {"threads", point.threads}};
  if (!point.result) {
    json["failure"] = point.failure;
    return json;
  }
  for (size_t i = 0; i < point.result->variants.size(); ++i) {
    if (const auto figures = figures_of(point, i)) {
      report["variants"][i].update(figures_json(*figures));
    }
  }
  for (const char* same_at_all : {"schema", "model", "passes", "mode", "executor", "device", "environment", "rule"}) {
    report.erase(same_at_all);
  }
  json["report"] = std::move(report);
  return json;
}

Json changes_json(const SweepOutcome& sweep) {
  Json list = Json::array();
  for (const ShapeChange& change : sweep.shape_changes) {
    Json entry = {{"variant", change.variant},
                  {"from", sweep.points[change.from].point.input_set},
                  {"to", sweep.points[change.to].point.input_set}};
    if (change.failure.empty()) {
      entry.update({{"settled_ms", ms(change.settled)},
                    {"first_ms", ms(change.first)},
                    {"second_ms", ms(change.second)},
                    {"settled_again_ms", ms(change.settled_again)},
                    {"calls", change.calls},
                    {"back_first_ms", ms(change.back_first)},
                    {"back_second_ms", ms(change.back_second)}});
    } else {
      entry["failure"] = change.failure;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

} // namespace

Json sweep_json(const SweepOutcome& sweep) {
  Json report = {{"context", Json()}, {"benchmarks", Json::array()}, {"tsir", Json()}};
  Json points = Json::array();
  bool interrupted = false;
  for (size_t i = 0; i < sweep.points.size(); ++i) {
    const PointOutcome& point = sweep.points[i];
    if (!point.result) {
      points.push_back(point_json(point, {}));
      continue;
    }
    interrupted = interrupted || point.result->interrupted;
    Json alone = report_json(*point.result);
    for (Json& row : alone["benchmarks"]) {
      row["family_index"] = i;
      row["threads"] = std::max<size_t>(point.point.clients, 1); // the threads that call, as in google/benchmark
      report["benchmarks"].push_back(std::move(row));
    }
    report["context"] = std::move(alone["context"]);
    points.push_back(point_json(point, std::move(alone["tsir"])));
  }
  report["tsir"] = {
      {"schema", "tsir.bench/1"},
      {"model", sweep.context.file},
      {"method", sweep.context.method},
      {"passes", sweep.context.passes},
      {"mode", sweep.context.settings.each ? "each" : "prefixes"},
      {"executor", sweep.context.executor},
      {"device", sweep.context.device},
      {"seed", sweep.context.settings.protocol.seed},
      {"interrupted", interrupted},
      {"seconds", sweep.seconds},
      {"flush_bytes", sweep.flush_bytes},
      {"rule", {{"alpha", sweep.context.settings.rule.alpha}, {"band", sweep.context.settings.rule.band}}},
      {"points", points},
      {"shape_changes", changes_json(sweep)},
      {"environment", environment_json(sweep.context.environment)},
      {"notes", sweep_notes(sweep)}};
  return report;
}

} // namespace tsir
