// Runs a job at one point.
#include "lib/base/setting.h"
#include "lib/bench/across_time/saved_baseline.h"
#include "lib/bench/job/bench.h"
#include "lib/bench/job/conditions.h"
#include "lib/bench/job/ready_job.h"
#include "lib/bench/machine/gpu_watch.h"
#include "lib/bench/operators/bench_operators.h"
#include "lib/process/phase.h"

namespace tsir {
namespace {

// The context of the target's outcome. Throws Error(usage) if the saved baseline was measured under other conditions.
BenchContext context_of(const ReadyJob& ready, const BenchTarget& target) {
  const BenchJob& job = ready.job();
  BenchContext context = ready.context();
  context.method = target.method;
  if (!job.save && !job.baseline) {
    return context;
  }
  context.conditions = conditions_of(target, context.environment);
  const std::string different = job.baseline ? different_conditions(*job.baseline, context.conditions) : "";
  if (!different.empty() && !job.other_conditions) {
    throw Error(ErrorKind::usage, fmt::format("{} was measured under other conditions ({}): {} compares anyway",
                                              job.baseline->path, different, spelled(Setting::other_conditions)));
  }
  return context;
}

// The driver's number of the GPU whose clocks are watched.
std::optional<unsigned> gpu_number(const BenchJob& job, c10::Device device) {
  return device.is_cuda() && job.all_gpus_visible ? std::optional(static_cast<unsigned>(device.index())) : std::nullopt;
}

BenchOutcome measure_job(const ReadyJob& ready, const JobHooks& job_hooks) {
  const BenchJob& job = ready.job();
  const std::shared_ptr<void> watched = job_hooks.watch ? job_hooks.watch() : nullptr;
  Hooks hooks{job_hooks.stop, job_hooks.progress};
  const auto make_target = [&] { return ready.target_at({}); };
  std::vector<VariantSpec> specs = ready.specs();
  mark_crashing_passes(specs, ready, make_target, hooks);
  const BenchTarget target = make_target();
  const BenchContext context = context_of(ready, target);
  specs = ready.with_rivals(std::move(specs), target);
  GpuWatch gpu(gpu_number(job, target.device));
  hooks.progress = [&](const Progress& progress) {
    if (job_hooks.progress) {
      job_hooks.progress(progress);
    }
    gpu.sample();
  };
  SteadyClock clock;
  BenchOutcome result = run_bench(target, specs, context.settings, clock, hooks);
  if (job.operators && !result.interrupted) {
    profile_operators(result, target, specs, context.settings, *job.operators, clock, hooks);
  }
  std::ranges::move(gpu.notes(), std::back_inserter(result.notes));
  result.context = context;
  return result;
}

} // namespace

BenchOutcome run(const BenchJob& job, const JobHooks& hooks) {
  if (!job.axes.empty()) {
    throw Error(ErrorKind::usage, "the job has several points: use sweep()");
  }
  const ReadyJob ready(job, hooks);
  const Phase phase(fmt::format("benching {}", job.workload.source.file));
  BenchOutcome result = measure_job(ready, hooks);
  require_baseline(result);
  if (job.baseline) {
    result.across_time = compare_across_time(*job.baseline, result, result.context.settings.rule);
    result.across_time->different = different_conditions(*job.baseline, result.context.conditions);
  }
  return result;
}

} // namespace tsir
