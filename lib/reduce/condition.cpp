#include "lib/reduce/condition.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"

#include <regex>

namespace tsir {
namespace {

std::string without_numbers(const std::string& text) {
  static const std::regex names("%[\\w.]+|[0-9][0-9.e+-]*");
  static const std::regex rows("#(, ?#)+");
  constexpr size_t enough = 100;
  return std::regex_replace(std::regex_replace(text, names, "#"), rows, "#").substr(0, enough);
}

// Removes the unit's name, which may change: "while running pass cse on forward", "while running forward after pass
// cse".
std::string without_unit(const std::string& text) {
  static const std::regex on(" on [^ :]+");
  static const std::regex after("while running [^ ]+ after");
  return std::regex_replace(std::regex_replace(text, on, ""), after, "while running after");
}

// Says which results differ, without the amount; or what a call throws.
std::string difference_words(const std::string& what) {
  for (const char* words : {"fails: ", "cannot be made ready to run", "no longer fails"}) {
    if (const auto at = what.find(words); at != std::string::npos) {
      return without_numbers(what.substr(at));
    }
  }
  const auto left = what.find(" is left with other contents");
  return left == std::string::npos ? "outputs" : what.find("buffer ") < left ? "a buffer" : "an input";
}

bool is_one_of(Verdict verdict, std::initializer_list<Verdict> some) {
  return std::ranges::find(some, verdict) != some.end();
}

bool holds(const ReduceCondition& condition, const PassVerdict& verdict) {
  switch (condition.kind) {
  case ReduceCondition::Kind::same:
    return is_failure(verdict) && failure_signature(verdict) == condition.text;
  case ReduceCondition::Kind::crashes:
    return is_one_of(verdict.verdict, {Verdict::crashed, Verdict::failed, Verdict::timed_out});
  case ReduceCondition::Kind::differs:
    return verdict.verdict == Verdict::differs;
  case ReduceCondition::Kind::breaks_lint:
    return verdict.verdict == Verdict::broken;
  case ReduceCondition::Kind::message:
    return std::regex_search(verdict.what, std::regex(condition.text));
  }
  return false;
}

} // namespace

std::string failure_signature(const PassVerdict& verdict) {
  const std::string words = verdict.verdict == Verdict::differs ? difference_words(verdict.what)
                                                                : without_numbers(without_unit(verdict.what));
  return fmt::format("{} {}{}{}", verdict.name, to_string(verdict.verdict), words.empty() ? "" : ": ", words);
}

const PassVerdict* find_shown(const ReduceCondition& condition, const std::vector<PassVerdict>& verdicts) {
  const auto found =
      std::ranges::find_if(verdicts, [&](const PassVerdict& verdict) { return holds(condition, verdict); });
  return found == verdicts.end() ? nullptr : &*found;
}

void check_condition(const ReduceCondition& condition) {
  if (condition.kind != ReduceCondition::Kind::message) {
    return;
  }
  try {
    const std::regex expression(condition.text);
  } catch (const std::regex_error& error) {
    throw Error(ErrorKind::usage, fmt::format("{} '{}' is not a regular expression: {}", spelled(Setting::message),
                                              condition.text, error.what()));
  }
}

} // namespace tsir
