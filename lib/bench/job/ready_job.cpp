#include "lib/bench/job/ready_job.h"

#include "lib/base/setting.h"
#include "lib/bench/across_time/saved_baseline.h"
#include "lib/bench/job/bench.h"
#include "lib/bench/job/conditions.h"
#include "lib/bench/job/rivals.h"
#include "lib/bench/machine/allocator.h"
#include "lib/bench/machine/environment.h"
#include "lib/bench/variants/preflight.h"
#include "lib/bench/variants/train.h"
#include "lib/run/threads.h"
#include "lib/run/tolerance.h"

namespace tsir {
namespace {

// Sets up the process, permanently.
void set_up_process(const BenchJob& job) {
  keep_freed_memory();
  set_threads(job.workload.threads);
}

// Leaves out passes whose results cannot run on this device, or not with the same inputs and outputs.
Pipeline timeable_passes(const Registry& registry, c10::Device device) {
  return every_pass(registry, [device](const PassRow& row) {
    const bool needs_cuda = std::ranges::count(row.needs, Need::cuda) > 0;
    const bool timeable = row.kind != PassKind::analysis && row.executable && row.keeps_interface;
    return timeable && (!needs_cuda || device.is_cuda());
  });
}

bool tries_every_pass(const BenchJob& job) {
  return job.settings.each && job.passes.empty();
}

// The job's settings, completed by what follows from the rest of the job.
BenchSettings settings_of(const BenchJob& job) {
  BenchSettings settings = job.settings;
  settings.protocol.seed = job.workload.inputs.seed;
  settings.check.stop_at_failed_pass = !settings.each;
  if (job.training && job.workload.executor != Executor::as_is) {
    settings.protocol.warmup.min_calls = steps_until_compiled;
  }
  if (job.save || job.baseline) {
    settings.least_rounds = 16; // verdicts of this run may need fewer, but comparisons with other runs may not
  }
  return settings;
}

} // namespace

ReadyJob::ReadyJob(const BenchJob& job, const JobHooks& hooks) : job_(job), device_(c10::kCPU) {
  check_job(job);
  set_up_process(job);
  context_.file = job.workload.source.file;
  context_.sha1 = job.save || job.baseline ? file_sha1(job.workload.source.file) : "";
  device_ = device_of(job.workload);
  start_ = start_of(job.workload, *job.registry);
  specs_ = make_specs();
  rivals_ = start_rivals(job, hooks);
  context_.environment = read_environment(); // before this process affects the load
  context_.settings = settings_of(job);
  context_.settings.most_arms = fitting_arms(1);
  context_.passes = job.passes_text;
  context_.device = device_.str();
  context_.executor = to_string(job.workload.executor);
  context_.every_pass = tries_every_pass(job);
  model_ = std::make_shared<const OpenedModel>(job.workload.source, OpenMode::load, device_, job.warn);
  put_against();
  require_saved_variant();
  training_ = job.training ? std::make_shared<Training>(*job.training) : nullptr;
}

std::vector<VariantSpec> ReadyJob::make_specs() const {
  if (!job_.settings.each) {
    return prefix_variants(start_, job_.passes);
  }
  return single_variants(start_, tries_every_pass(job_) ? timeable_passes(*job_.registry, device_) : job_.passes);
}

// If there is another module, opens it and makes it the first variant, which is the baseline.
void ReadyJob::put_against() {
  if (job_.against.empty()) {
    return;
  }
  UnitSource source = job_.workload.source;
  source.file = job_.against;
  source.libraries.clear(); // they are already loaded
  const auto other = std::make_shared<const OpenedModel>(source, OpenMode::load, device_, job_.warn);
  VariantSpec baseline = specs_.front();
  baseline.name = "baseline: " + job_.against;
  baseline.origin = job_.against;
  baseline.open = [other] { return other->unit(); };
  specs_.front().name = job_.workload.source.file;
  specs_.insert(specs_.begin(), std::move(baseline));
}

// A saved baseline without any of these variants was given by mistake.
void ReadyJob::require_saved_variant() const {
  const auto saved = [&](const VariantSpec& spec) {
    return saved_variant(*job_.baseline, spec.pipeline.text(), spec.origin).has_value();
  };
  if (job_.baseline && std::ranges::none_of(specs_, saved)) {
    throw Error(ErrorKind::usage, fmt::format("{} has none of the variants of this run: it was saved with other {}",
                                              job_.baseline->path, spelled(Setting::passes)));
  }
}

// Half of the free memory is used. While it is frozen, an instance may need three times the file's size.
size_t ReadyJob::fitting_arms(size_t copies) const {
  const size_t most = std::max<size_t>(settings().most_arms, 3);
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(job_.workload.source.file, failed);
  const uint64_t available = context_.environment.memory_available;
  if (failed || bytes == 0 || available == 0) {
    return most;
  }
  return std::clamp<size_t>(available / 2 / (3 * bytes * copies), 3, most);
}

BenchTarget ReadyJob::target_at(const Point& point) const {
  Workload workload = job_.workload;
  workload.sets = 1;
  workload.inputs.whole = point.input_set;
  if (point.batch) {
    workload.inputs.batch = Batch{*point.batch, job_.batch_dimensions};
  }
  const Prepared prepared = prepare(model_, workload, start_, {.run = true});
  if (training_ && !prepared.unit.has_module()) {
    throw Error(
        ErrorKind::usage,
        fmt::format("{} is a bare graph, which has no parameters to train: give a module (.pt, or .ir that holds one)",
                    workload.source.file));
  }
  BenchTarget target;
  target.open = [model = model_] { return model->unit(); };
  target.method = shown_method(workload.source, prepared.unit);
  target.inputs = prepared.input_sets.front();
  target.device = device_;
  target.executor = workload.executor;
  target.grad = workload.grad || training_ != nullptr;
  target.tolerance = parse_tolerances(workload.tolerance);
  target.seed = workload.inputs.seed;
  target.training = training_;
  target.clients = point.clients;
  return target;
}

std::vector<VariantSpec> ReadyJob::with_rivals(std::vector<VariantSpec> specs, const BenchTarget& target) const {
  for (const Rival& rival : rivals_) {
    for (const VariantSpec& spec : specs) {
      if (spec.name == rival.name || spec.label() == rival.name) {
        throw Error(ErrorKind::usage,
                    fmt::format("{} {}: there is already a variant of that name", spelled(Setting::rival), rival.name));
      }
    }
    rival.job->method = target.method;
    rival.job->device = target.device.str();
    rival.job->files.set_inputs(target.inputs);
    VariantSpec spec;
    spec.name = rival.name;
    spec.rival = std::make_shared<const Rival>(rival);
    specs.push_back(std::move(spec));
  }
  return specs;
}

void mark_crashing_passes(std::vector<VariantSpec>& specs, const ReadyJob& ready,
                          const std::function<BenchTarget()>& target, const Hooks& hooks) {
  if (ready.settings().each) {
    constexpr std::chrono::minutes limit(5);
    mark_crashing(specs, target, ready.job().workload.threads, limit, hooks);
  }
}

void require_baseline(const BenchOutcome& result) {
  if (result.variants[0].state == VariantState::run_failed) {
    throw Error(ErrorKind::check, fmt::format("{}: {}", result.variants[0].name, result.variants[0].detail));
  }
}

} // namespace tsir
