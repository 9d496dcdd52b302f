#include "lib/tune/recipe.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"

namespace tsir {
namespace {

constexpr const char* recipe_schema = "tsir.recipe/1";

nlohmann::ordered_json conditions_json(const std::vector<Condition>& conditions) {
  auto json = nlohmann::ordered_json::object();
  for (const Condition& condition : conditions) {
    json[condition.name] = condition.value;
  }
  return json;
}

std::vector<Condition> conditions_in(const nlohmann::ordered_json& json) {
  std::vector<Condition> conditions;
  for (const auto& [name, value] : json.items()) {
    conditions.push_back({name, value.get<std::string>()});
  }
  return conditions;
}

Recipe recipe_of(const nlohmann::ordered_json& json) {
  const auto& confirmed = json.at("confirmed");
  return {.made_by = json.at("made_by").get<std::string>(),
          .date = json.at("date").get<std::string>(),
          .model = json.at("model").get<std::string>(),
          .sha1 = json.at("sha1").get<std::string>(),
          .method = json.at("method").get<std::string>(),
          .goal = json.at("goal").get<std::string>(),
          .inputs = json.at("inputs").get<std::vector<std::string>>(),
          .mix = mix_of(json.value("mix", nlohmann::ordered_json::array())),
          .conditions = conditions_in(json.at("conditions")),
          .candidate = candidate_of(json),
          .savable = json.at("savable").get<bool>(),
          .compared = json.at("compared").get<bool>(),
          .drift = json.at("drift").get<double>(),
          .further_inputs = json.at("further_inputs").get<size_t>(),
          .confirmed = {.ratio = confirmed.at("ratio").get<double>(),
                        .low = confirmed.at("low").get<double>(),
                        .high = confirmed.at("high").get<double>(),
                        .rounds = confirmed.at("rounds").get<size_t>(),
                        .level = confirmed.at("level").get<double>()},
          .faster = json.at("faster").get<bool>()};
}

std::string shown(const std::string& value) {
  return value.empty() ? "unknown" : value;
}

} // namespace

nlohmann::ordered_json to_json(const Recipe& recipe) {
  const TimeRatio& confirmed = recipe.confirmed;
  nlohmann::ordered_json json = {
      {"schema", recipe_schema}, {"made_by", recipe.made_by}, {"date", recipe.date},
      {"model", recipe.model},   {"sha1", recipe.sha1},       {"method", recipe.method},
      {"goal", recipe.goal},     {"inputs", recipe.inputs},   {"conditions", conditions_json(recipe.conditions)}};
  if (!recipe.mix.empty()) {
    json["mix"] = to_json(recipe.mix);
  }
  json.update(to_json(recipe.candidate));
  json["savable"] = recipe.savable;
  json["compared"] = recipe.compared;
  json["drift"] = recipe.drift;
  json["further_inputs"] = recipe.further_inputs;
  json["confirmed"] = {{"ratio", confirmed.ratio},
                       {"low", confirmed.low},
                       {"high", confirmed.high},
                       {"rounds", confirmed.rounds},
                       {"level", confirmed.level}};
  json["faster"] = recipe.faster;
  return json;
}

Recipe read_recipe(const std::string& path) {
  const auto bytes = Bytes::open(path);
  const auto json = nlohmann::ordered_json::parse(bytes->text(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object() || json.value("schema", "") != recipe_schema) {
    throw Error(ErrorKind::load, fmt::format("{} is not a recipe of tune", path));
  }
  try {
    return recipe_of(json);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::load, fmt::format("{} is a damaged recipe: {}", path, one_line(error)));
  }
}

std::vector<std::string> differences(const Recipe& recipe, const std::string& sha1,
                                     const std::vector<Condition>& conditions) {
  std::vector<std::string> lines;
  if (recipe.sha1 != sha1) {
    lines.push_back(fmt::format("the model is not the file that was tuned ({})", recipe.model));
  }
  for (const Condition& condition : conditions) {
    const std::string value = value_of(recipe.conditions, condition.name);
    if (value != condition.value) {
      lines.push_back(
          fmt::format("{}: {} in the recipe, {} here", condition.name, shown(value), shown(condition.value)));
    }
  }
  return lines;
}

} // namespace tsir
