// Reports a bisection, as text and as JSON.
#include "lib/base/setting.h"
#include "lib/base/text_diff.h"
#include "lib/bisect/job.h"

namespace tsir {
namespace {

std::string application_text(const BisectJob& job, const BisectApplication& application, bool color) {
  return fmt::format("application {} of {} causes it: good with PYTORCH_JIT_OPT_LIMIT={}, bad with {}\n{}",
                     application.number, job.opt_limit, to_text(OptLimit{job.opt_limit, application.good}),
                     to_text(OptLimit{job.opt_limit, application.number}),
                     unified_diff(application.before, application.after, color));
}

std::string found_text(const BisectJob& job, const BisectOutcome& outcome, bool color) {
  const BisectResult& found = outcome.result;
  const size_t count = found.after.steps;
  std::string text = fmt::format("pass {} of {}, {}, is the first bad one\n", count, job.passes.uses().size(),
                                 job.passes.uses()[count - 1].text());
  text += fmt::format("  before it  {}\n  after it   {}\n", found.before.what, found.after.what);
  if (found.hidden) {
    text += "the state after all passes is good again: a later pass hides the failure\n";
  } else if (!job.linear && found.tested.size() <= job.passes.uses().size()) {
    text +=
        fmt::format("found by binary search: an earlier bad pass may be hidden by a later one; {} finds the first\n",
                    spelled(Setting::linear));
  }
  if (!found.steady) {
    text += "a second test gave another result: the failure is intermittent\n";
  }
  if (outcome.application.number > 0) {
    text += application_text(job, outcome.application, color);
  }
  if (!outcome.reproducer.empty()) {
    text += fmt::format("a reproducer is in {}\n", outcome.reproducer);
  }
  return text + fmt::format("{} states tested; to reproduce: {}\n", found.tested.size(), outcome.see_again.line());
}

} // namespace

std::string to_text(const BisectJob& job, const BisectOutcome& outcome, bool color) {
  if (outcome.result.found) {
    return found_text(job, outcome, color);
  }
  std::string text = fmt::format("no failure after any of {} passes\n", job.passes.uses().size());
  for (const BisectState& state : outcome.result.tested) {
    text += fmt::format("  after {}  {}\n", state.steps, state.what);
  }
  return text;
}

nlohmann::ordered_json to_json(const BisectJob& job, const BisectOutcome& outcome) {
  const BisectResult& found = outcome.result;
  auto tested = nlohmann::ordered_json::array();
  for (const BisectState& state : found.tested) {
    tested.push_back({{"passes", state.steps}, {"bad", state.bad}, {"what", state.what}});
  }
  nlohmann::ordered_json json = {{"schema", "tsir.bisect/1"},
                                 {"file", job.workload.source.file},
                                 {"passes", job.passes.text()},
                                 {"found", found.found},
                                 {"tested", tested}};
  if (found.found) {
    const BisectApplication& application = outcome.application;
    const bool counted = application.number > 0;
    json.update({{"pass", job.passes.uses()[found.after.steps - 1].text()},
                 {"index", found.after.steps},
                 {"before", found.before.what},
                 {"after", found.after.what},
                 {"hidden", found.hidden},
                 {"steady", found.steady},
                 {"opt_limit", counted ? nlohmann::ordered_json(job.opt_limit) : nullptr},
                 {"application", counted ? nlohmann::ordered_json(application.number) : nullptr},
                 {"application_diff", counted ? unified_diff(application.before, application.after, false) : ""},
                 {"reproducer", outcome.reproducer},
                 {"see_again", outcome.see_again.line()}});
  }
  return json;
}

} // namespace tsir
