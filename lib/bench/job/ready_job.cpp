#include "lib/bench/job/ready_job.h"

#include "lib/bench/across_time/saved_baseline.h"
#include "lib/bench/job/bench.h"
#include "lib/bench/job/conditions.h"
#include "lib/bench/job/rivals.h"
#include "lib/bench/machine/allocator.h"
#include "lib/bench/machine/environment.h"
#include "lib/bench/variants/preflight.h"
#include "lib/bench/variants/train.h"
#include "lib/run/device.h"

#include <ATen/Parallel.h>

namespace tsir {
namespace {

// Process-wide, for the rest of its life.
void set_up_process(const BenchJob& job) {
  keep_freed_memory();
  install_allocator(job.shake);
  if (job.threads > 0) {
    at::set_num_threads(job.threads);
  }
}

// Each pass of the registry by itself, with its defaults, but for those that this device cannot run.
Pipeline every_pass(const Registry& registry, c10::Device device) {
  std::vector<PassUse> uses;
  for (const PassRow* row : registry.rows()) {
    const bool needs_cuda = std::ranges::count(row->needs, Need::cuda) > 0;
    // What cannot be run, or not with the same inputs and outputs, is not timed.
    const bool timeable = row->kind != PassKind::analysis && row->executable && row->keeps_interface;
    if (timeable && (!needs_cuda || device.is_cuda())) {
      uses.push_back({row, PassOptions(row->options)});
    }
  }
  return Pipeline(std::move(uses));
}

bool tries_every_pass(const BenchJob& job) {
  return job.settings.each && job.passes.empty() && job.registry != nullptr;
}

// How many variants fit into half of the free memory: an instance may need three times the file while it is frozen.
size_t fitting_arms(const std::string& file, size_t most, const Environment& environment) {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(file, failed);
  if (failed || bytes == 0 || environment.memory_available == 0) {
    return most;
  }
  return std::clamp<size_t>(environment.memory_available / 2 / (3 * bytes), 3, std::max<size_t>(most, 3));
}

// The job's own, and what follows from the rest of the job and from the machine.
BenchSettings settings_of(const BenchJob& job, const Environment& environment) {
  BenchSettings settings = job.settings;
  settings.protocol.seed = job.seed;
  settings.check.stop_at_failed_pass = !settings.each;
  settings.most_arms = fitting_arms(job.model.file, settings.most_arms, environment);
  if (job.training && job.executor != Executor::as_is) {
    settings.protocol.warmup.min_calls = steps_until_compiled;
  }
  if (job.save || job.baseline) {
    settings.least_rounds = 16; // the verdicts of this run may need fewer, those across time do not know yet
  }
  return settings;
}

} // namespace

ReadyJob::ReadyJob(const BenchJob& job, const JobHooks& hooks) : job_(job), device_(c10::kCPU) {
  check_job(job);
  set_up_process(job);
  context_.file = job.model.file;
  context_.sha1 = job.save || job.baseline ? file_sha1(job.model.file) : "";
  device_ = parse_device(job.device);
  specs_ = make_specs();
  rivals_ = start_rivals(job, hooks);
  context_.environment = read_environment(); // before our own work shows in the load
  context_.settings = settings_of(job, context_.environment);
  context_.passes = job.passes_text;
  context_.device = device_.str();
  context_.executor = to_string(job.executor);
  context_.every_pass = tries_every_pass(job);
  open_ = job.model.open();
  put_against();
  require_saved_variant();
  training_ = job.training ? std::make_shared<Training>(*job.training) : nullptr;
}

std::vector<VariantSpec> ReadyJob::make_specs() const {
  if (!job_.settings.each) {
    return prefix_variants(job_.start, job_.passes);
  }
  return single_variants(job_.start, tries_every_pass(job_) ? every_pass(*job_.registry, device_) : job_.passes);
}

// Opens the other module, where there is one, and puts it before all others as their baseline.
void ReadyJob::put_against() {
  if (!job_.against) {
    return;
  }
  VariantSpec baseline = specs_.front();
  baseline.name = "baseline: " + job_.against->file;
  baseline.origin = job_.against->file;
  baseline.open = job_.against->open();
  specs_.front().name = job_.model.file;
  specs_.insert(specs_.begin(), std::move(baseline));
}

// A saved baseline that has none of these variants was made by mistake.
void ReadyJob::require_saved_variant() const {
  const auto saved = [&](const VariantSpec& spec) {
    return saved_variant(*job_.baseline, spec.pipeline.text(), spec.origin).has_value();
  };
  if (job_.baseline && std::ranges::none_of(specs_, saved)) {
    throw Error(
        ErrorKind::usage,
        fmt::format("{} has none of the variants of this run: it was saved with other --passes", job_.baseline->path));
  }
}

BenchTarget ReadyJob::target_at(const Point& point) const {
  BenchTarget target;
  target.open = open_;
  target.device = device_;
  target.executor = job_.executor;
  target.grad = job_.grad || training_ != nullptr;
  target.tolerance = job_.tolerance;
  target.seed = job_.seed;
  target.training = training_;
  target.clients = point.clients;
  Unit unit = open_();
  if (training_ && !unit.has_module()) {
    throw Error(
        ErrorKind::usage,
        fmt::format("{} is a bare graph, which has no parameters to train: give a module (.pt, or .ir that holds one)",
                    job_.model.file));
  }
  target.method = unit.name();
  target.inputs = job_.inputs ? job_.inputs(unit, point, device_) : std::vector<c10::IValue>();
  return target;
}

std::vector<VariantSpec> ReadyJob::with_rivals(std::vector<VariantSpec> specs, const BenchTarget& target) const {
  for (const Rival& rival : rivals_) {
    for (const VariantSpec& spec : specs) {
      if (spec.name == rival.name || spec.label() == rival.name) {
        throw Error(ErrorKind::usage, fmt::format("--rival {}: there is a variant of that name", rival.name));
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

void mark_crashing_passes(std::vector<VariantSpec>& specs, const BenchSettings& settings,
                          const std::function<BenchTarget()>& target, const Hooks& hooks) {
  if (settings.each) {
    constexpr std::chrono::minutes limit(5);
    mark_crashing(specs, target, limit, hooks);
  }
}

void require_baseline(const BenchOutcome& result) {
  if (result.variants[0].state == VariantState::run_failed) {
    throw Error(ErrorKind::check, fmt::format("{}: {}", result.variants[0].name, result.variants[0].detail));
  }
}

} // namespace tsir
