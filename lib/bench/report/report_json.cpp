// Writes a bench as JSON. `context` and `benchmarks` have google/benchmark's format, so that its compare.py and
// trackers for it can read them. They ignore the key "tsir", which holds everything else.
#include "lib/bench/report/operator_report_text.h"
#include "lib/bench/report/report.h"
#include "lib/bench/report/report_json_parts.h"
#include "lib/bench/report/report_sections.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

Json context_json(const BenchContext& context) {
  const Environment& environment = context.environment;
  Json caches = Json::array();
  for (const CacheInfo& cache : environment.caches) {
    caches.push_back(
        {{"type", cache.type}, {"level", cache.level}, {"size", cache.size}, {"num_sharing", cache.num_sharing}});
  }
  return {{"date", environment.date},
          {"host_name", environment.host_name},
          {"executable", context.executable},
          {"num_cpus", environment.num_cpus},
          {"mhz_per_cpu", std::lround(environment.mhz_per_cpu)},
          {"cpu_scaling_enabled", !environment.governor.empty() && environment.governor != "performance"},
          {"caches", caches},
          {"load_avg", environment.load_average},
          {"library_build_type", "release"},
          {"json_schema_version", 1}};
}

// google/benchmark's readers compute with every time and cannot read null.
Json known_ms(double nanoseconds) {
  return std::isfinite(nanoseconds) ? ms(nanoseconds) : Json(0.0);
}

class JsonReport {
public:
  explicit JsonReport(const BenchOutcome& result)
      : result_(result), context_(result.context), names_(row_names(result)) {}
  Json json() const;

private:
  Json benchmarks() const;
  Json row(size_t variant, const Summary& summary) const;
  void add_iterations(Json& rows, const Group& group, size_t arm) const;
  void add_aggregates(Json& rows, size_t variant, const Summary& summary) const;
  Json variants() const;
  Json contrasts() const;

  const BenchOutcome& result_;
  const BenchContext& context_;
  std::vector<std::string> names_; // of the rows, by variant
};

Json JsonReport::row(size_t variant, const Summary& summary) const {
  const std::string name = names_[variant];
  return {{"name", name},     {"family_index", 0},       {"per_family_instance_index", variant},
          {"run_name", name}, {"run_type", "iteration"}, {"repetitions", summary.round_medians.size()},
          {"threads", 1}};
}

void JsonReport::add_iterations(Json& rows, const Group& group, size_t arm) const {
  const Measurement& measurement = group.measurement;
  const auto all = summarize(measurement, arm);
  size_t repetition = 0;
  for (const Round& round : measurement.rounds) {
    Measurement alone = {
        measurement.arms, measurement.failures, measurement.retired, measurement.plan, {round}, false, false, 0, 0};
    const auto summary = summarize(alone, arm);
    if (!all || !summary) {
      continue;
    }
    Json line = row(group.variants[arm], *all);
    line["repetition_index"] = repetition++;
    line["iterations"] = summary->calls;
    line["real_time"] = ms(summary->median);
    line["cpu_time"] = known_ms(summary->cpu);
    line["time_unit"] = "ms";
    line["p90"] = ms(summary->p90);
    rows.push_back(std::move(line));
  }
}

void JsonReport::add_aggregates(Json& rows, size_t variant, const Summary& summary) const {
  const std::vector<double>& times = summary.round_medians;
  const double deviation = standard_deviation(times);
  const auto add = [&](const std::string& name, const std::string& unit, const Json& value, const Json& cpu) {
    Json line = row(variant, summary);
    line["name"] = names_[variant] + "_" + name;
    line["run_type"] = "aggregate";
    line["aggregate_name"] = name;
    line["aggregate_unit"] = unit;
    line["iterations"] = times.size();
    line["real_time"] = value;
    line["cpu_time"] = cpu;
    line["time_unit"] = "ms";
    rows.push_back(std::move(line));
  };
  add("mean", "time", ms(mean(times)), known_ms(summary.cpu));
  add("median", "time", ms(median(times)), known_ms(summary.cpu));
  add("stddev", "time", ms(deviation), 0.0);
  add("cv", "percentage", deviation / mean(times), 0.0);
}

Json JsonReport::benchmarks() const {
  Json rows = Json::array();
  std::vector<bool> seen(result_.variants.size());
  for (const Group& group : result_.groups) {
    for (size_t arm = 0; arm < group.variants.size(); ++arm) {
      const size_t variant = group.variants[arm];
      if (seen[variant]) {
        continue;
      }
      seen[variant] = true;
      add_iterations(rows, group, arm);
      if (const auto summary = summarize(group.measurement, arm)) {
        add_aggregates(rows, variant, *summary);
      }
    }
  }
  return rows;
}

Json passes_json(const std::vector<PassOutcome>& passes) {
  Json list = Json::array();
  for (const PassOutcome& pass : passes) {
    list.push_back({{"pass", pass.text}, {"seconds", pass.seconds}, {"changed", pass.changed}, {"note", pass.note}});
  }
  return list;
}

Json difference_json(const OutputDifference& difference) {
  return {{"same", difference.same},
          {"identical", difference.identical},
          {"max_absolute", difference.max_absolute},
          {"max_relative", difference.max_relative},
          {"where", difference.where}};
}

Json JsonReport::variants() const {
  Json list = Json::array();
  for (size_t i = 0; i < result_.variants.size(); ++i) {
    const VariantOutcome& variant = result_.variants[i];
    Json entry = {{"name", variant.name},
                  {"benchmark", names_[i]},
                  {"passes", variant.passes},
                  {"state", to_string(variant.state)},
                  {"detail", variant.detail},
                  {"open_seconds", variant.open_seconds},
                  {"allocations", variant.memory.allocations},
                  {"allocated_bytes", variant.memory.allocated_bytes},
                  {"peak_bytes", variant.memory.peak_bytes},
                  {"pass_seconds", result_.pass_times[i].seconds},
                  {"pass_runs", passes_json(variant.pass_runs)}};
    if (variant.state == VariantState::identical) {
      entry["identical_to"] = result_.variants[variant.identical_to].name;
    }
    if (variant.is_rival()) {
      entry["rival"] = variant.rival;
    }
    if (variant.compared) {
      entry["outputs"] = difference_json(variant.difference);
    }
    if (const auto summary = result_.summary(i)) {
      entry["calls"] = summary->calls;
      entry["median_ms"] = ms(summary->median);
      entry["mean_ms"] = ms(summary->mean);
      entry["min_ms"] = ms(summary->minimum);
      entry["max_ms"] = ms(summary->maximum);
      entry["p90_ms"] = ms(summary->p90);
      entry["p99_ms"] = ms(summary->p99);
      entry["p999_ms"] = ms(summary->p999);
      entry["cpu_ms"] = ms(summary->cpu);
      if (summary->enqueue > 0) {
        entry["host_ms"] = ms(summary->host);
        entry["enqueue_ms"] = ms(summary->enqueue);
      }
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Json decision_json(const Decision& decision) {
  const Ratio& ratio = decision.ratio;
  std::vector<double> effects;
  std::ranges::transform(ratio.round_ratios, std::back_inserter(effects), [](double each) { return std::log(each); });
  Json json = {{"verdict", to_string(decision.outcome)},
               {"ratio", ratio.ratio},
               {"low", finite(ratio.low)},
               {"high", finite(ratio.high)},
               {"speedup", 1 / ratio.ratio},
               {"level", ratio.level},
               {"interval", to_string(ratio.method)},
               {"resolution", finite(decision.resolution)},
               {"sign_flip_p", sign_flip_p(effects)},
               {"rounds", ratio.rounds},
               {"blocks", ratio.blocks},
               {"round_ratios", ratio.round_ratios},
               {"round_noise", decision.noise.rounds},
               {"within_noise", decision.noise.within ? Json(*decision.noise.within) : Json()},
               {"placement_noise", decision.noise.placement()}};
  if (decision.processes) {
    json["process_low"] = decision.processes->low;
    json["process_high"] = decision.processes->high;
  }
  return json;
}

// `ratio` is the time divided by that of the reference: below 1 is faster.
Json JsonReport::contrasts() const {
  Json list = Json::array();
  for (const Contrast& contrast : result_.contrasts) {
    Json entry = {{"name", result_.variants[contrast.variant].name},
                  {"passes", result_.variants[contrast.variant].passes},
                  {"reference", result_.variants[contrast.reference].name}};
    if (contrast.identical) {
      entry.update({{"verdict", to_string(Outcome::identical)},
                    {"ratio", 1.0},
                    {"low", 1.0},
                    {"high", 1.0},
                    {"speedup", 1.0},
                    {"rounds", 0}});
    } else if (contrast.decision) {
      entry.update(decision_json(*contrast.decision));
      if (contrast.more_seconds > 0) {
        entry["more_seconds"] = contrast.more_seconds;
      }
    } else {
      entry["verdict"] = "NOT TIMED";
    }
    list.push_back(std::move(entry));
  }
  return list;
}

// The controls (the baseline against itself), one for each group.
Json controls_json(const BenchOutcome& result) {
  Json list = Json::array();
  for (const Group& group : result.groups) {
    if (group.control) {
      Json entry = decision_json(*group.control);
      list.push_back(std::move(entry));
    }
  }
  return list;
}

Json JsonReport::json() const {
  Json report;
  report["context"] = context_json(context_);
  report["benchmarks"] = benchmarks();
  report["tsir"] = {
      {"schema", "tsir.bench/1"},
      {"model", context_.file},
      {"method", context_.method},
      {"passes", context_.passes},
      {"mode", context_.settings.each ? "each" : "prefixes"},
      {"executor", context_.executor},
      {"device", context_.device},
      {"threads", context_.environment.threads},
      {"seed", context_.settings.protocol.seed},
      {"interrupted", result_.interrupted},
      {"seconds", result_.seconds},
      {"variants", variants()},
      {"contrasts", contrasts()},
      {"controls", controls_json(result_)},
      {"machine_unfit", result_.machine_unfit()},
      {"rule",
       {{"alpha", context_.settings.rule.alpha}, {"band", context_.settings.rule.band}, {"family", result_.family}}},
      {"plans", plans_json(result_)},
      {"rounds", rounds_json(result_)},
      {"environment", environment_json(context_.environment)},
      {"notes", report_notes(result_)}};
  for (const ReportSection& section : report_sections(result_)) {
    report["tsir"][section.key] = section.json;
  }
  if (result_.operators) {
    report["tsir"]["attribution"] = operators_json(result_);
  }
  return report;
}

} // namespace

Json report_json(const BenchOutcome& result) {
  return JsonReport(result).json();
}

} // namespace tsir
