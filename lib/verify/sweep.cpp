#include "lib/verify/sweep.h"

#include "lib/base/error.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;
using Seconds = std::chrono::duration<double>;

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
  explicit VerdictCollector(const Pipeline& pipeline) : pipeline_(pipeline) {}
  void add_event(const SweepEvent& event);
  // Adds the verdict on the pass that was running. Throws Error(crash) if no pass was running.
  void add_death(const WorkerDeath& death);
  std::vector<PassVerdict> verdicts;

private:
  const Pipeline& pipeline_;
  size_t begun_ = 0; // passes begun
};

void VerdictCollector::add_event(const SweepEvent& event) {
  if (event.verdict) {
    verdicts.push_back(*event.verdict);
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
  verdicts.push_back(std::move(verdict));
}

// Runs in a child.
void verify(const Pipeline& pipeline, const SweepStart& start, const EventSink<WorkerJson>& send) {
  SweepStart::Opened opened = start.enter();
  size_t index = 0;
  BehaviourObserver observer(
      opened.target,
      [&](const PassEvent& event) {
        index = event.index;
        send(SweepEvent{index});
      },
      [&](const PassVerdict& verdict) {
        send(SweepEvent{index, verdict});
      });
  Observer* const observers[] = {&observer};
  try {
    pipeline.run(opened.unit, opened.run_settings(), observers);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::pass) { // a failed pass already has a verdict
      throw;
    }
  }
}

// Runs in the process that holds the start. Sends {"begin": index} and {"index": …, "verdicts": […]}.
SweepCost sweep(const std::vector<Pipeline>& pipelines, const SweepStart& start, const EventSink<WorkerJson>& send) {
  SweepCost cost{.opening = start.open_seconds(), .start = start.observe_seconds(), .at_once = start.at_once()};
  size_t begun = 0;
  run_workers(cost.at_once, [&]() -> std::optional<WorkerTask> {
    if (begun == pipelines.size()) {
      return std::nullopt;
    }
    const size_t index = begun++;
    send({{"begin", index}});
    return verify_task(pipelines[index], start, [&, index](std::vector<PassVerdict> verdicts, double lost) {
      cost.passes += lost;
      for (const PassVerdict& verdict : verdicts) {
        cost.passes += verdict.seconds;
        cost.runs += verdict.run_seconds;
      }
      send({{"index", index}, {"verdicts", verdicts}});
    });
  });
  return cost;
}

SweepCost cost_from(const Json& json) {
  return {.opening = json.at("opening"),
          .start = json.at("start"),
          .passes = json.at("passes"),
          .runs = json.at("runs"),
          .whole = json.at("whole"),
          .at_once = json.at("at_once")};
}

} // namespace

WorkerTask verify_task(const Pipeline& pipeline, const SweepStart& start,
                       std::function<void(std::vector<PassVerdict> verdicts, double lost_seconds)> on_end) {
  const auto collector = std::make_shared<VerdictCollector>(pipeline);
  const auto begun = std::chrono::steady_clock::now();
  return {.settings = start.worker(),
          .work =
              [&pipeline, &start](const EventSink<WorkerJson>& send) {
                verify(pipeline, start, send);
                return WorkerJson();
              },
          .on_event = [collector](const WorkerJson& event) { collector->add_event(event.get<SweepEvent>()); },
          .on_end =
              [collector, begun, on_end = std::move(on_end)](const WorkerResult<WorkerJson>& result) {
                double lost = 0;
                if (const auto* death = std::get_if<WorkerDeath>(&result)) {
                  collector->add_death(*death);
                  lost = Seconds(std::chrono::steady_clock::now() - begun).count();
                } else {
                  value_or_throw(result);
                }
                on_end(std::move(collector->verdicts), lost);
              }};
}

Json to_json(const SweepCost& cost) {
  return {{"opening", cost.opening}, {"start", cost.start},   {"passes", cost.passes},  {"runs", cost.runs},
          {"whole", cost.whole},     {"floor", cost.floor()}, {"at_once", cost.at_once}};
}

SweepResult verify_each(const std::vector<Pipeline>& pipelines, const SweepSettings& settings,
                        const std::function<void(size_t)>& on_begin) {
  const auto begun = std::chrono::steady_clock::now();
  SweepResult result;
  result.verdicts.resize(pipelines.size());
  const Json cost = with_start(
      settings,
      [&](SweepStart& start, const EventSink<WorkerJson>& send) {
        start.observe();
        return to_json(sweep(pipelines, start, send));
      },
      [&](const WorkerJson& event) {
        if (!event.contains("begin")) {
          result.verdicts.at(event.at("index")) = event.at("verdicts").get<std::vector<PassVerdict>>();
        } else if (on_begin) {
          on_begin(event.at("begin"));
        }
      });
  result.cost = cost_from(cost);
  result.cost.whole = Seconds(std::chrono::steady_clock::now() - begun).count();
  return result;
}

std::vector<PassVerdict> verify_in_child(const Pipeline& pipeline, const SweepStart& start) {
  std::vector<PassVerdict> found;
  bool begun = false;
  run_workers(1, [&]() -> std::optional<WorkerTask> {
    if (std::exchange(begun, true)) {
      return std::nullopt;
    }
    return verify_task(pipeline, start,
                       [&](std::vector<PassVerdict> verdicts, double) { found = std::move(verdicts); });
  });
  return found;
}

std::vector<PassVerdict> verify_in_child(const Pipeline& pipeline, const SweepSettings& settings) {
  SweepSettings apart = settings;
  apart.shared = false;
  return verify_in_child(pipeline, SweepStart(std::move(apart)));
}

} // namespace tsir
