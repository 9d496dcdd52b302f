#include "lib/reduce/trial.h"

#include "lib/base/error.h"
#include "lib/base/shell_quoted.h"
#include "lib/input/inputs.h"
#include "lib/process/subprocess.h"
#include "lib/process/worker.h"
#include "lib/run/probe.h"
#include "lib/run/threads.h"
#include "lib/run/tolerance.h"
#include "lib/verify/reproducer.h"

#include <filesystem>

namespace tsir {
namespace {

std::vector<std::vector<c10::IValue>> sets_of(const Candidate& candidate, const Unit& unit,
                                              const TrialSettings& settings) {
  std::vector<std::vector<c10::IValue>> sets;
  for (size_t i = 0; candidate.inputs && i < candidate.sets; ++i) {
    const InputSettings given{.inputs = *candidate.inputs,
                              .file = {},
                              .seed = settings.workload.inputs.seed + i,
                              .device = device_of(settings.workload)};
    sets.push_back(make_inputs(given, unit.schema(), nullptr));
  }
  return sets;
}

// If the start throws, the trial shows nothing about the passes.
std::shared_ptr<const KnownStart> known_start(const Unit& unit, const ObserveSettings& settings) {
  Behaviour behaviour = observe(unit, settings);
  for (const CallObservation& call : behaviour) {
    if (!call.error.empty()) {
      throw Error(ErrorKind::check, call.error);
    }
  }
  return std::make_shared<const KnownStart>(KnownStart{interface_of(unit), std::move(behaviour)});
}

VerifyTarget target_of(const Candidate& candidate, const TrialSettings& settings) {
  const Workload& workload = settings.workload;
  VerifyTarget target;
  target.open = [&candidate] { return Unit::of_graph(candidate.graph->copy(), "graph"); };
  const Unit unit = target.open();
  target.observe = {.input_sets = sets_of(candidate, unit, settings),
                    .calls = candidate.calls,
                    .seed = workload.inputs.seed,
                    .executor = workload.executor,
                    .grad = workload.grad};
  target.tolerance = parse_tolerances(workload.tolerance);
  target.device = device_of(workload);
  target.start = known_start(unit, target.observe);
  return target;
}

// The index of a value in Candidate::values_of, and its content as the text of an input.
using SeenValue = std::pair<size_t, std::string>;

// Adds a probe after every value, which sends its content when the interpreter first computes it.
void add_probes_for(jit::Graph& graph, const EventSink<SeenValue>& send) {
  const std::vector<jit::Value*> values = Candidate::values_of(graph);
  for (size_t i = 0; i < values.size(); ++i) {
    add_probe(values[i], [i, send, said = false](const c10::IValue& value) mutable {
      const auto text = said ? std::nullopt : input_text_of(value);
      if (text && text->find('\n') == std::string::npos) {
        send({i, *text});
      }
      said = true;
    });
  }
}

SweepSettings sweep_of(const Candidate& candidate, const TrialSettings& settings) {
  SweepSettings sweep;
  sweep.target = [&] { return target_of(candidate, settings); };
  sweep.threads = settings.workload.threads;
  sweep.shared = false; // a copy of the graph is all that is opened
  sweep.limit = settings.limit;
  sweep.ignore_interrupt = true; // Ctrl-C is for the parent, which lets the trial finish
  return sweep;
}

} // namespace

std::vector<PassVerdict> try_passes(const Candidate& candidate, const TrialSettings& settings) {
  try {
    return verify_in_child(candidate.pipeline, sweep_of(candidate, settings));
  } catch (const Error&) { // it cannot be run, or its inputs do not fit: it does not show the failure
    return {};
  }
}

std::optional<ShownTrial> first_shown(const std::vector<Candidate>& candidates, const TrialSettings& settings,
                                      size_t at_once,
                                      const std::function<bool(const std::vector<PassVerdict>&)>& shows) {
  std::vector<std::unique_ptr<SweepStart>> starts;
  std::vector<std::optional<std::vector<PassVerdict>>> ended(candidates.size());
  // The first that shows it, if all before it have ended.
  const auto found = [&]() -> std::optional<size_t> {
    for (size_t i = 0; i < ended.size() && ended[i]; ++i) {
      if (shows(*ended[i])) {
        return i;
      }
    }
    return std::nullopt;
  };
  run_workers(at_once, [&]() -> std::optional<WorkerTask> {
    const size_t index = starts.size();
    if (index == candidates.size() || found()) {
      return std::nullopt;
    }
    starts.push_back(std::make_unique<SweepStart>(sweep_of(candidates[index], settings)));
    WorkerTask task = verify_task(candidates[index].pipeline, *starts.back(),
                                  [&, index](std::vector<PassVerdict> verdicts, double) { ended[index] = verdicts; });
    task.on_end = [&, index, judge = std::move(task.on_end)](WorkerResult<WorkerJson> result) {
      try {
        judge(std::move(result));
      } catch (const Error&) { // as in try_passes
        ended[index].emplace();
      }
    };
    task.unwanted = [&] { return found().has_value(); };
    return task;
  });
  const std::optional<size_t> first = found();
  return first ? std::optional(ShownTrial{*first, *std::move(ended[*first])}) : std::nullopt;
}

void observe_values(Candidate& candidate, const TrialSettings& settings) {
  if (!candidate.inputs) {
    return;
  }
  std::unordered_map<const jit::Value*, std::string> seen;
  const std::vector<jit::Value*> values = Candidate::values_of(*candidate.graph);
  try {
    in_worker<void, SeenValue>(
        {.limit = settings.limit, .discard_output = true, .ignore_interrupt = true},
        [&](const EventSink<SeenValue>& send) {
          set_threads(settings.workload.threads);
          const GraphPtr probed = candidate.graph->copy();
          add_probes_for(*probed, send);
          const Unit unit = Unit::of_graph(probed, "graph");
          observe(unit, {.input_sets = sets_of(candidate, unit, settings),
                         .calls = 1,
                         .seed = settings.workload.inputs.seed,
                         .grad = settings.workload.grad});
        },
        [&](const SeenValue& value) {
          const auto& [index, text] = value;
          if (index < values.size()) {
            seen.emplace(values[index], text);
          }
        });
  } catch (const Error&) { // no process could be started: new inputs get no values
  }
  candidate.seen = std::move(seen);
}

std::string command_line(const std::string& command, const std::string& file) {
  const std::string name = shell_quoted(file);
  std::string line;
  size_t from = 0;
  for (size_t at = 0; (at = command.find("{}", from)) != std::string::npos; from = at + 2) {
    line += command.substr(from, at - from) + name;
  }
  return from == 0 ? command + " " + name : line + command.substr(from);
}

std::optional<int> run_command(const std::string& command, const std::string& file, std::chrono::nanoseconds limit,
                               const std::function<bool()>& stop) {
  Subprocess process(command_line(command, file), file + ".log");
  std::string line;
  Subprocess::Reading reading = Subprocess::Reading::line;
  const auto end = std::chrono::steady_clock::now() + limit;
  while (reading == Subprocess::Reading::line || reading == Subprocess::Reading::too_long) {
    const auto left = end - std::chrono::steady_clock::now();
    reading = left.count() < 0 ? Subprocess::Reading::out_of_time : process.read_line(line, left, stop);
  }
  if (reading != Subprocess::Reading::ended) {
    return std::nullopt;
  }
  process.finish(std::max<std::chrono::nanoseconds>(end - std::chrono::steady_clock::now(), std::chrono::seconds(1)));
  const int code = process.exit_code();
  return code < 0 ? std::nullopt : std::optional<int>(code);
}

} // namespace tsir
