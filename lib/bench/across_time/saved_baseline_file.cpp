// A baseline as a file, and in reports.
#include "lib/bench/across_time/saved_baseline.h"

#include "lib/base/error.h"
#include "lib/bench/report/report_json_parts.h"
#include "lib/base/bytes.h"
#include "lib/base/table.h"
#include "lib/base/units.h"

#include <c10/util/hash.h>

#include <cmath>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "tsir.baseline/1";
constexpr std::string_view schema_family = "tsir.baseline/";
constexpr const char* weakness =
    "another time, other places in memory: differences between runs are in none of these intervals; --against with the "
    "old model times both in the same blocks";

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ErrorKind::load, fmt::format("{} {}", path, why));
}

SavedVariant variant_of(const Json& entry) {
  SavedVariant variant{entry.at("name"), entry.at("passes"), entry.at("origin"), entry.at("round_median_ns")};
  const bool good = !variant.median_ns.empty() &&
                    std::ranges::all_of(variant.median_ns, [](double ns) { return std::isfinite(ns) && ns > 0; });
  if (!good) {
    throw std::runtime_error(fmt::format("variant \"{}\" has no usable times", variant.name));
  }
  return variant;
}

Json decision_json(const Decision& decision) {
  const auto finite = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
  return {{"verdict", to_string(decision.outcome)},
          {"ratio", decision.ratio.ratio},
          {"low", finite(decision.ratio.low)},
          {"high", finite(decision.ratio.high)},
          {"level", decision.ratio.level}};
}

Json contrasts_json(const BenchResult& result) {
  Json list = Json::array();
  for (const Contrast& contrast : result.contrasts) {
    Json entry = {{"name", result.variants[contrast.variant].spec.name},
                  {"reference", result.variants[contrast.reference].spec.name}};
    if (contrast.decision) {
      entry.update(decision_json(*contrast.decision));
      entry["round_ratios"] = contrast.decision->ratio.round_ratios;
    } else {
      entry["verdict"] = contrast.identical ? to_string(Outcome::identical) : "NOT TIMED";
    }
    list.push_back(std::move(entry));
  }
  return list;
}

std::string same_file_text(const std::string& then, const std::string& now) {
  return then.empty() || now.empty() ? "" : then == now ? ", the same file" : ", another file";
}

} // namespace

std::string describe(const AcrossTime& pair) {
  const Ratio& ratio = pair.decision.ratio;
  return std::isfinite(ratio.high) ? describe(pair.decision)
                                   : fmt::format("{} {:.3g}x, no interval: it takes two rounds in both runs",
                                                 to_string(pair.decision.outcome), 1 / ratio.ratio);
}

std::string file_sha1(const std::string& path) {
  if (path == "-") {
    return "";
  }
  return c10::sha1(std::string(Bytes::open(path)->text())).str();
}

Json baseline_json(const SavedBaseline& baseline, const BenchResult& result, const BenchContext& context) {
  Json conditions;
  for (const Condition& condition : baseline.conditions) {
    conditions[condition.name] = condition.value;
  }
  Json variants = Json::array();
  for (const SavedVariant& variant : baseline.variants) {
    variants.push_back({{"name", variant.name},
                        {"passes", variant.passes},
                        {"origin", variant.origin},
                        {"round_median_ns", variant.median_ns}});
  }
  return {{"schema", schema},
          {"date", baseline.date},
          {"model", baseline.model},
          {"model_sha1", baseline.sha1},
          {"passes", context.passes},
          {"conditions", conditions},
          {"variants", variants},
          {"contrasts", contrasts_json(result)},
          {"machine_unfit", result.machine_unfit()},
          {"environment", environment_json(context.environment)}};
}

SavedBaseline read_baseline(const std::string& path) {
  if (std::filesystem::is_directory(path)) {
    refuse(path, "is a folder: --save-baseline writes a file");
  }
  const auto bytes = Bytes::open(path);
  const auto view = bytes->view();
  return parse_baseline({reinterpret_cast<const char*>(view.data()), view.size()}, path);
}

SavedBaseline parse_baseline(std::string_view text, const std::string& path) {
  constexpr const char* foreign = "is no baseline of tsir bench: --save-baseline writes one";
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("schema") || !json["schema"].is_string()) {
    refuse(path,
           json.is_discarded() && text.starts_with("{") ? "is no whole JSON: it was cut short or damaged" : foreign);
  }
  const std::string found = json["schema"];
  if (!found.starts_with(schema_family)) {
    refuse(path, foreign);
  }
  if (found != schema) {
    refuse(path, fmt::format("is a baseline of another tsir: it has schema {}, and this one reads {}",
                             one_line(found, 40), schema));
  }
  try {
    SavedBaseline baseline;
    baseline.path = path;
    baseline.date = json.at("date");
    baseline.model = json.at("model");
    baseline.sha1 = json.at("model_sha1");
    for (const auto& [name, value] : json.at("conditions").items()) {
      baseline.conditions.push_back({name, value});
    }
    for (const Json& entry : json.at("variants")) {
      baseline.variants.push_back(variant_of(entry));
    }
    return baseline;
  } catch (const std::exception& error) {
    std::string what = one_line(error);
    if (what.starts_with("[json.exception")) { // the name of the JSON library's class says nothing to a user
      what.erase(0, what.find("] ") + 2);
    }
    refuse(path, "is damaged: " + what);
  }
}

ReportSection saved_baseline_section(const SavedBaseline& then, const AcrossTimes& compared, const BenchResult& result,
                                     const std::string& sha1_now, const std::string& different) {
  using enum Table::Align;
  Table table({{"against the saved baseline"}, {"then", right}, {"now", right}, {"rounds", right}, {"verdict"}});
  Json list = Json::array();
  for (const AcrossTime& pair : compared.pairs) {
    const SavedVariant& saved = then.variants[pair.saved];
    const std::string& name = result.variants[pair.variant].spec.name;
    table.add({name, human_seconds(pair.median_then * 1e-9), human_seconds(pair.median_now * 1e-9),
               fmt::format("{}, {}", saved.median_ns.size(), pair.rounds_now), describe(pair)});
    Json entry = {{"name", name},
                  {"passes", saved.passes},
                  {"median_then_ms", pair.median_then / 1e6},
                  {"median_now_ms", pair.median_now / 1e6},
                  {"rounds_then", saved.median_ns.size()},
                  {"rounds_now", pair.rounds_now}};
    entry.update(decision_json(pair.decision));
    list.push_back(std::move(entry));
  }
  std::string text = table.text() + fmt::format("{} of {}, {}{}: {}\n", then.path, then.date, then.model,
                                                same_file_text(then.sha1, sha1_now), weakness);
  if (!different.empty()) {
    text += fmt::format("measured under other conditions: {}\n", different);
  }
  if (!compared.unmatched.empty()) {
    text += fmt::format("not in {}: {}\n", then.path, fmt::join(compared.unmatched, ", "));
  }
  return {"saved_baseline",
          {{"file", then.path},
           {"date", then.date},
           {"model", then.model},
           {"model_sha1", then.sha1},
           {"model_sha1_now", sha1_now},
           {"warning", weakness},
           {"different_conditions", different},
           {"comparisons", list},
           {"unmatched", compared.unmatched}},
          text};
}

} // namespace tsir
