#include "lib/verify/observer.h"

#include "lib/base/error.h"
#include "lib/ir/lint.h"
#include "lib/process/phase.h"

namespace tsir {
namespace {

PassVerdict about(const PassEvent& event) {
  PassVerdict verdict = verdict_about(event.use, event.pipeline_text, event.before_text);
  verdict.note = event.note;
  verdict.seconds = std::chrono::duration<double>(event.duration).count();
  return verdict;
}

// Throws the error of LibTorch's own check of a graph ("41 not in scope"), and says where it comes from.
void lint(const Unit& unit) {
  try {
    tsir::lint(*unit.graph());
  } catch (const std::exception& error) {
    throw std::runtime_error("LibTorch's check of the resulting graph fails: " + one_line(error));
  }
}

} // namespace

std::vector<std::string> interface_of(const Unit& unit) {
  std::vector<std::string> all;
  for (const jit::Value* input : unit.graph()->inputs()) {
    all.push_back(c10::typeKindToString(input->type()->kind()));
  }
  all.push_back(fmt::to_string(unit.graph()->outputs().size()));
  return all;
}

PassVerdict verdict_about(const PassUse& use, std::string passes, std::string before) {
  PassVerdict verdict;
  verdict.name = use.row->name;
  verdict.use = use.text();
  verdict.passes = std::move(passes);
  verdict.before = std::move(before);
  return verdict;
}

std::string known_defect(const PassRow& row, const std::string& message) {
  for (const UpstreamIssue& issue : row.upstream) {
    if (!issue.message.empty() && message.find(issue.message) != std::string::npos) {
      return issue.issue + ": " + issue.what;
    }
  }
  return "";
}

const Behaviour& BehaviourObserver::reference() {
  if (target_.start && target_.start->behaviour) {
    return *target_.start->behaviour;
  }
  if (!reference_) {
    const Unit start = target_.open();
    const Phase phase(fmt::format("running {} before any pass", start.name()));
    reference_ = observe(start, target_.observe);
  }
  return *reference_;
}

std::vector<std::string> BehaviourObserver::start_interface() const {
  return target_.start ? target_.start->interface : interface_of(target_.open());
}

void BehaviourObserver::before_pass(const PassEvent& event, Unit&) {
  on_begin_(event);
}

void BehaviourObserver::judge(const PassEvent& event, const Unit& unit, PassVerdict& verdict) {
  if (!event.changed && !target_.last_only) {
    return;
  }
  const PassRow& row = *event.use.row;
  if (!row.executable || (!row.keeps_interface && start_interface() != interface_of(unit))) {
    verdict.verdict = Verdict::not_run;
    verdict.what = row.executable ? "its inputs or outputs differ from those of the start"
                                  : "the pass leaves a graph that is not meant to be run";
    return;
  }
  const Behaviour& before = reference();
  const Phase phase(fmt::format("running {} after pass {}", unit.name(), row.name));
  const auto begun = std::chrono::steady_clock::now();
  const Behaviour after = observe(unit, target_.observe);
  verdict.run_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const BehaviourDifference difference = compare(before, after, target_.tolerance);
  verdict.max_absolute = difference.outputs.max_absolute;
  verdict.max_relative = difference.outputs.max_relative;
  verdict.remarks = difference.remarks;
  verdict.verdict = !difference.same()             ? Verdict::differs
                    : difference.outputs.identical ? Verdict::identical
                                                   : Verdict::equal;
  if (!difference.outputs.same) {
    verdict.what = difference.outputs.where + ": " + difference.outputs.what;
  } else if (!difference.failures.empty()) {
    verdict.what = difference.failures.front();
  }
  if (verdict.verdict == Verdict::differs && !row.keeps_interface) {
    verdict.verdict = Verdict::not_run;
    verdict.what = "the pass changes inputs or outputs by design: " + verdict.what;
    return;
  }
  if (verdict.verdict == Verdict::differs) {
    const Unit start = target_.open();
    const BehaviourDifference itself = compare(before, observe(start, target_.observe), target_.tolerance);
    if (!itself.same()) {
      verdict.verdict = Verdict::unsteady;
      verdict.what = "the original unit gives different results from run to run";
    }
  }
}

void BehaviourObserver::after_pass(const PassEvent& event, Unit& unit) {
  PassVerdict verdict = about(event);
  try {
    lint(unit);
    if (target_.last_only && event.index + 1 < event.count) {
      return;
    }
    judge(event, unit, verdict);
  } catch (const Error& error) { // the unit cannot be run, for example because of an unknown operator
    verdict.verdict = Verdict::differs;
    verdict.what = error.what();
  } catch (const std::exception& error) {
    verdict.verdict = Verdict::broken;
    verdict.what = one_line(error);
  }
  verdict.known = known_defect(*event.use.row, verdict.what);
  on_verdict_(verdict);
}

void BehaviourObserver::pass_failed(const PassEvent& event, Unit&, const std::string& what) {
  PassVerdict verdict = about(event);
  verdict.verdict = event.refused ? Verdict::refused : Verdict::failed;
  verdict.what = what;
  verdict.known = known_defect(*event.use.row, what);
  on_verdict_(verdict);
}

} // namespace tsir
