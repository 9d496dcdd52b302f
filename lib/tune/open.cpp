// The start of a search: the model, the inputs, and what its processes are told.
#include "lib/tune/search.h"

#include "lib/bench/job/conditions.h"
#include "lib/bench/machine/environment.h"
#include "lib/ir/walk.h"
#include "lib/run/threads.h"
#include "lib/run/tolerance.h"
#include "lib/tune/not_tried.h"

namespace tsir {

namespace {

bool is_fork(const jit::Node& node) {
  return node.kind() == c10::prim::fork;
}

} // namespace

InputSets in_turn(const std::vector<InputSets>& parts) {
  InputSets all;
  size_t most = 0;
  for (const InputSets& sets : parts) {
    most = std::max(most, sets.size());
  }
  for (size_t i = 0; i < most; ++i) {
    for (const InputSets& sets : parts) {
      if (i < sets.size()) {
        all.push_back(sets[i]);
      }
    }
  }
  return all;
}

void Search::open() {
  space_.check();
  if (job_.goal == Goal::p99 && !job_.mix.empty()) {
    throw Error(ErrorKind::usage, "the goal p99 is about single calls: it takes one set of inputs");
  }
  workload_.sets = std::max<size_t>(workload_.sets, 1);
  workload_.start.clear();
  set_threads(workload_.threads);
  outcome_.environment = read_environment();
  outcome_.sha1 = file_sha1(workload_.source.file);
  model_ = open_model(workload_, {}, {.run = true}, job_.warn);
  const Prepared prepared = prepare(model_, workload_, {}, {.run = true}, 0, job_.warn);
  const std::vector<InputSets> parts = job_.mix.empty() ? std::vector<InputSets>{prepared.input_sets}
                                                        : sets_of_parts(workload_.inputs.seed, workload_.sets);
  sets_ = in_turn(parts);
  outcome_.method = shown_method(workload_.source, prepared.unit);
  space_.shapes = job_.mix.size() > 1;
  space_.on_cpu = prepared.device.is_cpu();
  std::ranges::copy(not_tried(space_, prepared.device), std::back_inserter(outcome_.notes));
  space_.forks = find_node(*inlined_to_read(*prepared.unit.graph()), &is_fork, true) != nullptr;
  served_ = std::make_shared<RivalJob>();
  served_->model = std::filesystem::absolute(workload_.source.file).string();
  served_->method = outcome_.method;
  served_->device = prepared.device.str();
  served_->threads = outcome_.environment.threads;
  served_->grad = workload_.grad;
  served_->seed = workload_.inputs.seed;
  served_->clients = job_.goal == Goal::throughput ? job_.clients : 0;
  serve_inputs(parts);
  outcome_.conditions = conditions(prepared.device, parts);
  trials_.emplace(ServingSetup{.program = job_.program,
                               .libraries = workload_.source.libraries,
                               .plugins = workload_.plugins,
                               .limit = job_.answer_limit,
                               .job = served_},
                  workload_.calls,
                  workload_.tolerance.empty() ? std::nullopt : std::optional(parse_tolerances(workload_.tolerance)),
                  hooks_.stop);
}

std::vector<InputSets> Search::sets_of_parts(uint64_t seed, size_t sets) const {
  Workload workload = workload_;
  workload.inputs.seed = seed;
  workload.sets = sets;
  if (job_.mix.empty()) {
    return {prepare(model_, workload, {}, {.run = true}).input_sets};
  }
  std::vector<InputSets> parts;
  for (const MixPart& part : job_.mix) {
    workload.inputs.whole = part.inputs;
    parts.push_back(prepare(model_, workload, {}, {.run = true}).input_sets);
  }
  return parts;
}

// The inputs of the processes that are timed.
void Search::serve_inputs(const std::vector<InputSets>& parts) {
  const std::string folder = std::filesystem::temp_directory_path().string();
  served_->files = RivalFiles(folder);
  served_->files.set_inputs(parts.front().front());
  served_->turns.clear();
  for (size_t i = 0; i < job_.mix.size(); ++i) {
    RivalTurn& turn = served_->turns.emplace_back(RivalTurn{job_.mix[i].calls, RivalFiles(folder)});
    turn.files.set_inputs(parts[i].front());
  }
}

std::vector<Condition> Search::conditions(c10::Device device, const std::vector<InputSets>& parts) const {
  BenchTarget target;
  target.method = outcome_.method;
  target.inputs = parts.front().front();
  target.device = device;
  target.executor = Executor::profiling;
  target.grad = workload_.grad;
  target.seed = workload_.inputs.seed;
  std::vector<Condition> all = conditions_of(target, outcome_.environment);
  if (!job_.mix.empty()) {
    std::vector<std::string> texts;
    for (size_t i = 0; i < parts.size(); ++i) {
      texts.push_back(fmt::format("{} of {}", job_.mix[i].calls, inputs_text(parts[i].front())));
    }
    std::ranges::find(all, "inputs", &Condition::name)->value = fmt::format("{}", fmt::join(texts, ", "));
  }
  return all;
}

} // namespace tsir
