#include "lib/verify/sweep.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

// An event of a child: a pass begins, or (with a verdict) has ended.
struct SweepEvent {
  size_t index = 0;
  std::optional<PassVerdict> verdict = {};
};

void to_json(Json& json, const SweepEvent& event) {
  json = {{"index", event.index}, {"verdict", event.verdict ? Json(*event.verdict) : Json()}};
}

void from_json(const Json& json, SweepEvent& event) {
  event.index = json.at("index");
  if (const Json& verdict = json.at("verdict"); !verdict.is_null()) {
    event.verdict = verdict.get<PassVerdict>();
  }
}

// Collects the verdicts of one pipeline.
class VerdictCollector {
public:
  VerdictCollector(const Pipeline& pipeline, const SweepSettings& settings)
      : pipeline_(pipeline), settings_(settings) {}
  void add_event(const SweepEvent& event);
  // Adds the verdict on the pass that was running. Throws Error(crash) if no pass was running.
  void add_death(const WorkerDeath& death);
  std::vector<PassVerdict> verdicts;

private:
  void add(PassVerdict verdict);
  const Pipeline& pipeline_;
  const SweepSettings& settings_;
  size_t begun_ = 0; // passes begun
};

void VerdictCollector::add(PassVerdict verdict) {
  if (settings_.on_verdict) {
    settings_.on_verdict(verdict);
  }
  verdicts.push_back(std::move(verdict));
}

void VerdictCollector::add_event(const SweepEvent& event) {
  if (event.verdict) {
    add(*event.verdict);
  } else {
    begun_ = event.index + 1;
  }
}

void VerdictCollector::add_death(const WorkerDeath& death) {
  if (begun_ == 0 || pipeline_.empty()) {
    throw Error(ErrorKind::crash, "LibTorch crashed before the first pass: " + death.what);
  }
  // If the child died between a verdict and the next pass, the death is attributed to the pass with that verdict.
  const size_t index = std::min(begun_, pipeline_.uses().size()) - 1;
  const PassUse& use = pipeline_.uses()[index];
  PassVerdict verdict = verdict_about(use, pipeline_.text(index + 1), pipeline_.text(index));
  verdict.verdict = death.kind == WorkerDeath::Kind::crashed ? Verdict::crashed : Verdict::timed_out;
  verdict.what = death.what;
  verdict.known = known_defect(*use.row, death.what);
  if (!verdicts.empty() && verdicts.size() == begun_) {
    verdicts.pop_back();
  }
  add(std::move(verdict));
}

void verify(const Pipeline& pipeline, const VerifyTarget& target, const EventSink<SweepEvent>& send) {
  size_t index = 0;
  BehaviourObserver observer(
      target,
      [&](const PassEvent& event) {
        index = event.index;
        send({index});
      },
      [&](const PassVerdict& verdict) {
        send({index, verdict});
      });
  Observer* const observers[] = {&observer};
  Unit unit = target.open();
  try {
    pipeline.run(unit, target.run_settings(), observers);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::pass) { // a failed pass already has a verdict
      throw;
    }
  }
}

WorkerSettings worker_of(const SweepSettings& settings) {
  return {.limit = settings.limit,
          .discard_output = true,
          .ignore_interrupt = settings.ignore_interrupt,
          .environment = settings.environment};
}

} // namespace

void check_start(const SweepSettings& settings) {
  const auto result = in_worker<void>(worker_of(settings), [&] {
    const VerifyTarget target = settings.target();
    const Unit unit = target.open();
    for (const CallObservation& call : observe(unit, target.observe)) {
      if (!call.error.empty()) {
        throw Error(ErrorKind::check, call.error);
      }
    }
  });
  if (const auto* death = std::get_if<WorkerDeath>(&result)) {
    throw death->kind == WorkerDeath::Kind::timed_out
        ? Error(ErrorKind::check, fmt::format("the unit {} before any pass; {} SECONDS allows more", death->what,
                                              spelled(Setting::pass_time_limit)))
        : Error(ErrorKind::crash, "LibTorch crashed on the unit before any pass: " + death->what);
  }
  value_or_throw(result);
}

std::vector<PassVerdict> verify_in_child(const Pipeline& pipeline, const SweepSettings& settings) {
  VerdictCollector collector(pipeline, settings);
  const auto result = in_worker<void, SweepEvent>(
      worker_of(settings), [&](const EventSink<SweepEvent>& send) { verify(pipeline, settings.target(), send); },
      [&](const SweepEvent& event) { collector.add_event(event); });
  if (const auto* death = std::get_if<WorkerDeath>(&result)) {
    collector.add_death(*death);
  } else {
    value_or_throw(result);
  }
  return std::move(collector.verdicts);
}

} // namespace tsir
