#include "lib/verify/verdict.h"

#include "lib/base/error.h"

#include <cmath>

namespace tsir {
namespace {

constexpr std::pair<Verdict, std::string_view> names[] = {
    {Verdict::unchanged, "unchanged"}, {Verdict::identical, "identical"}, {Verdict::equal, "equal"},
    {Verdict::differs, "differs"},     {Verdict::unsteady, "unsteady"},   {Verdict::not_run, "not compared"},
    {Verdict::refused, "refused"},     {Verdict::failed, "failed"},       {Verdict::broken, "broken"},
    {Verdict::timed_out, "timed out"}, {Verdict::crashed, "crashed"},
};

Verdict verdict_by_name(const std::string& name) {
  const auto* found = std::ranges::find(names, name, &std::pair<Verdict, std::string_view>::second);
  return found == std::end(names) ? Verdict::crashed : found->first;
}

// JSON has no infinity and no NaN.
nlohmann::ordered_json number(double value) {
  if (std::isfinite(value)) {
    return value;
  }
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

double number_from(const nlohmann::ordered_json& json) {
  return json.is_number() ? json.get<double>() : std::strtod(json.get<std::string>().c_str(), nullptr);
}

} // namespace

std::string_view to_string(Verdict verdict) {
  return std::ranges::find(names, verdict, &std::pair<Verdict, std::string_view>::first)->second;
}

nlohmann::ordered_json to_json(const PassVerdict& verdict) {
  return {{"pass", verdict.name},
          {"use", verdict.use},
          {"passes", verdict.passes},
          {"before", verdict.before},
          {"verdict", to_string(verdict.verdict)},
          {"seconds", verdict.seconds},
          {"run_seconds", verdict.run_seconds},
          {"max_absolute", number(verdict.max_absolute)},
          {"max_relative", number(verdict.max_relative)},
          {"what", verdict.what},
          {"note", verdict.note},
          {"remarks", verdict.remarks},
          {"known", verdict.known},
          {"reproducer", verdict.reproducer}};
}

void to_json(nlohmann::ordered_json& json, const PassVerdict& verdict) {
  json = to_json(verdict);
}

void from_json(const nlohmann::ordered_json& json, PassVerdict& verdict) {
  verdict = {.name = json.at("pass"),
             .use = json.at("use"),
             .passes = json.at("passes"),
             .before = json.at("before"),
             .verdict = verdict_by_name(json.at("verdict")),
             .seconds = json.at("seconds"),
             .run_seconds = json.at("run_seconds"),
             .max_absolute = number_from(json.at("max_absolute")),
             .max_relative = number_from(json.at("max_relative")),
             .what = json.at("what"),
             .note = json.at("note"),
             .remarks = json.at("remarks"),
             .known = json.at("known"),
             .reproducer = json.at("reproducer")};
}

bool is_failure(const PassVerdict& verdict) {
  constexpr Verdict failures[] = {Verdict::differs, Verdict::failed, Verdict::broken, Verdict::timed_out,
                                  Verdict::crashed};
  return std::ranges::find(failures, verdict.verdict) != std::end(failures);
}

int exit_code(const std::vector<PassVerdict>& verdicts, bool refusals_are_fine) {
  int worst = 0;
  for (const PassVerdict& verdict : verdicts) {
    switch (verdict.verdict) {
    case Verdict::crashed:
    case Verdict::timed_out:
      worst = std::max(worst, static_cast<int>(ErrorKind::crash));
      break;
    case Verdict::failed:
    case Verdict::broken:
      worst = std::max(worst, static_cast<int>(ErrorKind::pass));
      break;
    case Verdict::refused:
      worst = std::max(worst, refusals_are_fine ? 0 : static_cast<int>(ErrorKind::pass));
      break;
    case Verdict::differs:
      worst = std::max(worst, static_cast<int>(ErrorKind::check));
      break;
    default:
      break;
    }
  }
  return worst;
}

} // namespace tsir
