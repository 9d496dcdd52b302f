// Reads and writes baselines as files.
#include "lib/bench/across_time/saved_baseline.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/bench/report/report_json_parts.h"

#include <cmath>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "tsir.baseline/1";
constexpr std::string_view schema_family = "tsir.baseline/";

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

Json contrasts_json(const BenchOutcome& result) {
  Json list = Json::array();
  for (const Contrast& contrast : result.contrasts) {
    Json entry = {{"name", result.variants[contrast.variant].name},
                  {"reference", result.variants[contrast.reference].name}};
    if (contrast.decision) {
      entry.update(verdict_json(*contrast.decision));
      entry["round_ratios"] = contrast.decision->ratio.round_ratios;
    } else {
      entry["verdict"] = contrast.identical ? to_string(Outcome::identical) : "NOT TIMED";
    }
    list.push_back(std::move(entry));
  }
  return list;
}

} // namespace

Json baseline_json(const SavedBaseline& baseline, const BenchOutcome& result) {
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
          {"passes", result.context.passes},
          {"conditions", conditions},
          {"variants", variants},
          {"contrasts", contrasts_json(result)},
          {"machine_unfit", result.machine_unfit()},
          {"environment", environment_json(result.context.environment)}};
}

SavedBaseline read_baseline(const std::string& path) {
  if (std::filesystem::is_directory(path)) {
    refuse(path, fmt::format("is a folder: {} writes a file", spelled(Setting::save_baseline)));
  }
  const auto bytes = Bytes::open(path);
  const auto view = bytes->view();
  return parse_baseline({reinterpret_cast<const char*>(view.data()), view.size()}, path);
}

SavedBaseline parse_baseline(std::string_view text, const std::string& path) {
  const std::string foreign =
      fmt::format("is not a baseline of tsir bench: {} writes one", spelled(Setting::save_baseline));
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("schema") || !json["schema"].is_string()) {
    refuse(path, json.is_discarded() && text.starts_with("{") ? "is not complete JSON: it was truncated or damaged"
                                                              : foreign);
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
    if (what.starts_with("[json.exception")) { // users do not need the name of the JSON library's class
      what.erase(0, what.find("] ") + 2);
    }
    refuse(path, "is damaged: " + what);
  }
}

} // namespace tsir
