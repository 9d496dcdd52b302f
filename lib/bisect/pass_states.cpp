#include "lib/bisect/pass_states.h"

#include "lib/base/error.h"
#include "lib/bench/machine/allocator.h"
#include "lib/bench/timing/clock.h"
#include "lib/ir/text/print.h"
#include "lib/model/save.h"
#include "lib/model/text_ir.h"
#include "lib/process/worker.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

// LibTorch reads the variable once, in the first pass that it limits, so no such pass may have run in the parent.
EnvironmentVariables environment_of(const OptLimit& limit) {
  return limit.file.empty() ? EnvironmentVariables() : EnvironmentVariables{{"PYTORCH_JIT_OPT_LIMIT", to_text(limit)}};
}

WorkerSettings worker_for(const StateSettings& settings, const OptLimit& limit = {}) {
  return {
      .limit = settings.limit, .discard_output = true, .ignore_interrupt = true, .environment = environment_of(limit)};
}

Unit unit_after(const Pipeline& pipeline, const VerifyTarget& target) {
  Unit unit = target.open();
  pipeline.run(unit, target.run_settings());
  return unit;
}

// To be called in a child only, because it changes how memory is freed.
StateTime time_here(const Pipeline& pipeline, const VerifyTarget& opened, const BenchSettings& bench) {
  keep_freed_memory();
  BenchTarget target;
  target.open = opened.open;
  target.method = opened.open().name();
  target.inputs = opened.observe.input_sets.at(0);
  target.device = opened.device;
  target.executor = opened.observe.executor;
  target.grad = opened.observe.grad;
  target.seed = opened.observe.seed;
  SteadyClock clock;
  const BenchOutcome result = run_bench(target, {{"start", Pipeline()}, {"state", pipeline}}, bench, clock,
                                        {.stop = [] { return false; }, .progress = [](const Progress&) {}});
  const VariantOutcome& variant = result.variants.at(1);
  if (variant.state == VariantState::identical) {
    return {Outcome::identical, "executes the same graph"};
  }
  const Contrast* contrast = result.contrast(1, 0);
  if (contrast == nullptr || !contrast->decision) {
    return {Outcome::inconclusive, variant.detail.empty() ? "not timed" : variant.detail};
  }
  const Ratio& ratio = contrast->decision->ratio;
  return {contrast->outcome(), fmt::format("{}: {:.3g}x the time of the start [{:.3g}, {:.3g}]",
                                           to_string(contrast->outcome()), ratio.ratio, ratio.low, ratio.high)};
}

} // namespace

std::string to_text(const OptLimit& limit) {
  return fmt::format("{}={}", limit.file, limit.count);
}

void to_json(Json& json, const StateTime& time) {
  json = {{"outcome", static_cast<int>(time.outcome)}, {"what", time.what}};
}

void from_json(const Json& json, StateTime& time) {
  time = {static_cast<Outcome>(json.at("outcome").get<int>()), json.at("what")};
}

SweepSettings StateSettings::sweep() const {
  SweepSettings settings = sweep_settings(workload, *registry, passes, purpose);
  settings.target = [prepared = std::move(settings.target)] {
    VerifyTarget target = prepared();
    target.last_only = true;
    return target;
  };
  settings.limit = limit;
  settings.ignore_interrupt = true;
  return settings;
}

PassVerdict judge_state(const Pipeline& pipeline, const StateSettings& settings, const OptLimit& limit) {
  SweepSettings sweep = settings.sweep();
  sweep.environment = environment_of(limit);
  return verify_in_child(pipeline, sweep).back();
}

PassVerdict judge_state(const Pipeline& pipeline, const SweepStart& start) {
  return verify_in_child(pipeline, start).back();
}

std::string state_text(const Pipeline& pipeline, const StateSettings& settings, const OptLimit& limit) {
  const auto text = in_worker<std::string>(worker_for(settings, limit),
                                           [&] { return to_text(*unit_after(pipeline, settings.target()).graph()); });
  const auto* found = std::get_if<std::string>(&text);
  return found != nullptr ? *found : "";
}

StateTime time_state(const Pipeline& pipeline, const StateSettings& settings, const BenchSettings& bench) {
  return value_or_throw(
      in_worker<StateTime>(worker_for(settings), [&] { return time_here(pipeline, settings.target(), bench); }));
}

void save_state(const Pipeline& pipeline, const SweepStart& start, const std::string& file) {
  value_or_throw(in_worker<void>(start.worker(), [&] {
    SweepStart::Opened opened = start.enter();
    Unit& unit = opened.unit;
    pipeline.run(unit, opened.run_settings());
    if (unit.has_module()) {
      save_module(unit, file);
    } else {
      write_ir(*unit.graph(), file);
    }
  }));
}

bool is_module(const SweepStart& start) {
  return value_or_throw(in_worker<bool>(start.worker(), [&] { return start.enter().unit.has_module(); }));
}

} // namespace tsir
