#include "lib/tune/candidate.h"

#include "lib/base/error.h"

namespace tsir {

std::string TuneCandidate::name() const {
  const std::string pipeline = parts.empty() ? "as loaded" : fmt::format("{}", fmt::join(parts, " + "));
  HostSettings others = settings;
  others.onednn_fusion &= std::ranges::find(parts, "onednn-fusion") == parts.end();
  return others == HostSettings() ? pipeline : fmt::format("{}, {}", pipeline, to_text(others));
}

std::string TuneCandidate::key() const {
  return passes + "|" + to_json(settings).dump();
}

nlohmann::ordered_json to_json(const TuneCandidate& candidate) {
  return {{"parts", candidate.parts}, {"passes", candidate.passes}, {"settings", to_json(candidate.settings)}};
}

TuneCandidate candidate_of(const nlohmann::ordered_json& json) {
  return {.parts = json.at("parts").get<std::vector<std::string>>(),
          .passes = json.at("passes").get<std::string>(),
          .settings = host_settings_of(json.at("settings"))};
}

std::string_view to_string(CandidateState state) {
  switch (state) {
  case CandidateState::good:
    return "GOOD";
  case CandidateState::identical:
    return "IDENTICAL";
  case CandidateState::wrong:
    return "WRONG";
  case CandidateState::failed:
    return "FAILED";
  case CandidateState::untried:
    return "UNTRIED";
  }
  return "?";
}

namespace {

CandidateState parse_state(const std::string& text) {
  for (const CandidateState state : {CandidateState::good, CandidateState::identical, CandidateState::wrong,
                                     CandidateState::failed, CandidateState::untried}) {
    if (text == to_string(state)) {
      return state;
    }
  }
  throw Error(ErrorKind::load, fmt::format("'{}' is not a state of a candidate", text));
}

nlohmann::ordered_json ratio_json(const std::optional<TimeRatio>& ratio) {
  if (!ratio) {
    return nullptr;
  }
  return {{"ratio", ratio->ratio},
          {"low", ratio->low},
          {"high", ratio->high},
          {"rounds", ratio->rounds},
          {"level", ratio->level}};
}

std::optional<TimeRatio> ratio_of_json(const nlohmann::ordered_json& json) {
  if (json.is_null()) {
    return std::nullopt;
  }
  return TimeRatio{.ratio = json.at("ratio").get<double>(),
                   .low = json.at("low").get<double>(),
                   .high = json.at("high").get<double>(),
                   .rounds = json.at("rounds").get<size_t>(),
                   .level = json.at("level").get<double>()};
}

} // namespace

void add_outcome(std::vector<CandidateOutcome>& all, CandidateOutcome outcome, std::vector<size_t>& to_race) {
  const auto same = std::ranges::find_if(all, [&](const CandidateOutcome& earlier) {
    return earlier.good() && earlier.unit.key == outcome.unit.key &&
           earlier.candidate.settings == outcome.candidate.settings;
  });
  if (outcome.good() && same == all.end()) {
    to_race.push_back(all.size());
  } else if (outcome.good()) {
    const auto place = std::ranges::find(to_race, static_cast<size_t>(same - all.begin()));
    const bool simpler = outcome.candidate.parts.size() < same->candidate.parts.size() && place != to_race.end();
    if (simpler) {
      *place = all.size();
    }
    CandidateOutcome& other = simpler ? *same : outcome;
    other.state = CandidateState::identical;
    other.detail = "executes the same as " + (simpler ? outcome : *same).candidate.name();
  }
  all.push_back(std::move(outcome));
}

nlohmann::ordered_json to_json(const CandidateOutcome& outcome) {
  nlohmann::ordered_json json = to_json(outcome.candidate);
  json["name"] = outcome.candidate.name();
  json["state"] = to_string(outcome.state);
  json["detail"] = outcome.detail;
  json["compared"] = outcome.compared;
  json["drift"] = outcome.drift;
  json["unit"] = to_json(outcome.unit);
  json["savable"] = outcome.savable();
  json["against_as_loaded"] = ratio_json(outcome.ratio);
  json["median_ns"] = outcome.median_ns;
  json["stopped_early"] = outcome.stopped_early;
  return json;
}

CandidateOutcome candidate_outcome_of(const nlohmann::ordered_json& json) {
  return {.candidate = candidate_of(json),
          .state = parse_state(json.at("state").get<std::string>()),
          .detail = json.at("detail").get<std::string>(),
          .drift = json.at("drift").get<double>(),
          .compared = json.at("compared").get<bool>(),
          .unit = served_unit_of(json.at("unit").dump()),
          .ratio = ratio_of_json(json.at("against_as_loaded")),
          .median_ns = json.at("median_ns").get<double>(),
          .stopped_early = json.at("stopped_early").get<bool>()};
}

} // namespace tsir
