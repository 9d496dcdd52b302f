// Runs a job at several points: batch sizes, inputs, threads, clients, hot and cold caches.
#include "lib/bench/job/bench.h"
#include "lib/bench/job/ready_job.h"
#include "lib/bench/machine/cache_flush.h"
#include "lib/bench/variants/shape_change.h"
#include "lib/process/phase.h"
#include "lib/run/state_writes.h"
#include "lib/run/threads.h"

#include <ATen/Parallel.h>

namespace tsir {
namespace {

// What a call of one of the files changes, before any pass; "" if no call changes anything.
std::string changed_by_any(const BenchTarget& target, const std::vector<VariantSpec>& specs) {
  std::set<std::string> tried;
  for (const VariantSpec& spec : specs) {
    if (spec.rival || !tried.insert(spec.origin).second) {
      continue;
    }
    const Variant variant = make_variant(target, {.name = spec.name, .pipeline = {}, .open = spec.open});
    const std::string changed =
        changed_attribute(variant.unit, [&] { variant.runnable.run(deep_copies(target.inputs)); });
    if (!changed.empty()) {
      return changed;
    }
  }
  return "";
}

class Sweep {
public:
  Sweep(const ReadyJob& ready, const Hooks& hooks)
      : ready_(ready), hooks_(hooks), points_(points_of(ready.job().axes)), threads_(at::get_num_threads()) {}

  SweepOutcome run();

private:
  void check_inputs();
  void mark_crashes();
  BenchOutcome bench(const Point& point, const BenchSettings& settings, const Hooks& hooks);
  void change_shapes();
  void find_state();
  int threads_at(const Point& point) const { return point.threads > 0 ? point.threads : threads_; }
  uint64_t flush_bytes_at(const Point& point) const {
    return flush_bytes(ready_.context().environment, threads_at(point));
  }
  // Points with the same inputs have the same variants.
  static std::string inputs_of(const Point& point) {
    return fmt::format("{}#{}", point.input_set, point.batch.value_or(0));
  }

  const ReadyJob& ready_;
  const Hooks& hooks_;
  std::vector<Point> points_;
  int threads_; // if a point does not set it
  std::map<std::string, std::vector<VariantSpec>> specs_;
  SteadyClock clock_;
  bool client_copies_ = false;
  SweepOutcome result_;
};

void Sweep::check_inputs() {
  result_.context = ready_.context();
  std::string last;
  for (const Point& point : points_) {
    if (inputs_of(point) != last) {
      result_.context.method = ready_.target_at(point).method;
    }
    last = inputs_of(point);
    if (point.cold) {
      flush_bytes_at(point); // throws if the caches cannot be flushed
    }
  }
}

void Sweep::mark_crashes() {
  for (const Point& point : points_) {
    const auto [specs, is_new] = specs_.emplace(inputs_of(point), ready_.specs());
    if (is_new) {
      mark_crashing_passes(
          specs->second, ready_, [&] { return ready_.target_at(point); }, hooks_);
    }
  }
}

BenchOutcome Sweep::bench(const Point& point, const BenchSettings& settings, const Hooks& hooks) {
  at::set_num_threads(threads_at(point));
  BenchTarget target = ready_.target_at(point);
  target.client_copies = client_copies_;
  if (point.cold) {
    const uint64_t bytes = flush_bytes_at(point);
    result_.flush_bytes = std::max(result_.flush_bytes, bytes);
    target.flush = make_flush(bytes);
  }
  // Named in the report of a crash, which is then the model's fault as often as LibTorch's.
  std::optional<Phase> phase;
  if (point.clients > 1) {
    phase.emplace(
        fmt::format("{} clients were calling {} at once, which a model may not allow", point.clients, target.method));
  }
  BenchSettings fitting = settings;
  fitting.most_arms = ready_.fitting_arms(client_copies_ ? std::max<size_t>(point.clients, 1) : 1);
  BenchOutcome result = run_bench(target, specs_.at(inputs_of(point)), fitting, clock_, hooks);
  require_baseline(result);
  return result;
}

// Measures changes of shapes, only if the points differ only in their input sets and the executor specialises on
// shapes.
void Sweep::change_shapes() {
  const size_t sets = ready_.job().axes.input_sets.size();
  const bool nothing_else = points_.size() == sets && points_.front().clients == 0;
  if (sets < 2 || !nothing_else || ready_.job().workload.executor == Executor::as_is ||
      !result_.points.front().result) {
    return;
  }
  std::vector<BenchTarget> targets;
  for (const Point& point : points_) {
    targets.push_back(ready_.target_at(point));
  }
  const std::vector<VariantOutcome>& checked = result_.points.front().result->variants;
  std::vector<size_t> variants;
  for (size_t i = 0; i < checked.size(); ++i) {
    if (checked[i].state == VariantState::good) {
      variants.push_back(i);
    }
  }
  at::set_num_threads(threads_);
  result_.shape_changes =
      shape_changes(targets, ready_.specs(), variants, ready_.settings().protocol.warmup, clock_, hooks_);
}

// Clients that call at the same time must not share what a call changes.
void Sweep::find_state() {
  if (ready_.job().axes.clients.empty()) {
    return;
  }
  try {
    const BenchTarget target = ready_.target_at(points_.front());
    const std::string changed = changed_by_any(target, ready_.specs());
    if (!changed.empty()) {
      client_copies_ = true;
      result_.notes.push_back(
          fmt::format("a call of the model changes {}, so each client has its own copy of the module", changed));
    }
  } catch (const Error&) {
    // The exception is thrown again at the points, and is reported there.
  }
}

SweepOutcome Sweep::run() {
  const int64_t start = clock_.now();
  {
    const SingleThread alone; // a fork does not copy LibTorch's threads to the children that try the passes
    check_inputs();
  }
  mark_crashes();
  find_state();
  result_.points = run_sweep(
      points_, ready_.settings(),
      [this](const Point& point, const BenchSettings& settings, const Hooks& inner) {
        return bench(point, settings, inner);
      },
      clock_, hooks_);
  for (PointOutcome& point : result_.points) {
    point.threads = threads_at(point.point);
    if (point.result) {
      point.result->context = context_at(result_.context, point);
    }
  }
  change_shapes();
  result_.seconds = static_cast<double>(clock_.now() - start) * 1e-9;
  return std::move(result_);
}

} // namespace

SweepOutcome sweep(const BenchJob& job, const JobHooks& hooks) {
  const ReadyJob ready(job, hooks);
  const Phase phase(fmt::format("benching {}", job.workload.source.file));
  const std::shared_ptr<void> watched = hooks.watch ? hooks.watch() : nullptr;
  const Hooks measuring{hooks.stop, hooks.progress};
  return Sweep(ready, measuring).run();
}

} // namespace tsir
