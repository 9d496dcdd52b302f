#include "tools/tsir/bench_sweep.h"

#include "lib/base/error.h"
#include "lib/bench/machine/cache_flush.h"
#include "lib/bench/report/sweep_report.h"
#include "lib/bench/variants/preflight.h"
#include "lib/run/state_writes.h"
#include "tools/tsir/bench_outcome.h"
#include "tools/tsir/bench_progress.h"

#include <ATen/Parallel.h>

#include <unistd.h>

namespace tsir::tool {
namespace {

class OneThread {
public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

private:
  int before_;
};

class Sweep {
public:
  explicit Sweep(const SweepJob& job)
      : job_(job), points_(points_of(job.options.sweep.axes())), threads_(at::get_num_threads()) {}

  SweepResult run();
  const std::string& method() const { return method_; } // its name, once run

private:
  BenchTarget target_at(const Point& point) const;
  void check_inputs();
  void mark_crashes(const Hooks& hooks);
  BenchResult bench(const Point& point, const BenchSettings& settings, const Hooks& hooks);
  void change_shapes(const Hooks& hooks);
  void note_races();
  int threads_at(const Point& point) const { return point.threads > 0 ? point.threads : threads_; }
  // Points with the same inputs have the same variants.
  static std::string inputs_of(const Point& point) {
    return fmt::format("{}#{}", point.input_set, point.batch.value_or(0));
  }

  const SweepJob& job_;
  std::vector<Point> points_;
  int threads_; // where a point says nothing
  std::map<std::string, std::vector<VariantSpec>> specs_;
  std::string method_;
  SteadyClock clock_;
  SweepResult result_;
};

BenchTarget Sweep::target_at(const Point& point) const {
  BenchOptions options = job_.options;
  options.input = job_.options.sweep.input_at(job_.options.input, point);
  BenchTarget target = target_of(options, job_.model, job_.device);
  target.clients = point.clients;
  return target;
}

void Sweep::check_inputs() {
  std::string last;
  for (const Point& point : points_) {
    if (inputs_of(point) != last) {
      method_ = target_at(point).method;
    }
    last = inputs_of(point);
    if (point.cold) {
      flush_bytes(job_.context.environment, threads_at(point)); // throws where it cannot be
    }
  }
}

void Sweep::mark_crashes(const Hooks& hooks) {
  for (const Point& point : points_) {
    const auto [specs, is_new] = specs_.emplace(inputs_of(point), job_.specs);
    if (is_new && job_.context.settings.each) { // one bad pass must not end the sweep over the others
      constexpr std::chrono::minutes limit(5);
      mark_crashing(
          specs->second, [&] { return target_at(point); }, limit, hooks);
    }
  }
}

BenchResult Sweep::bench(const Point& point, const BenchSettings& settings, const Hooks& hooks) {
  at::set_num_threads(threads_at(point));
  BenchTarget target = target_at(point);
  if (point.cold) {
    const uint64_t bytes = flush_bytes(job_.context.environment, threads_at(point));
    result_.flush_bytes = std::max(result_.flush_bytes, bytes);
    target.flush = make_flush(bytes);
  }
  BenchResult result = run_bench(target, specs_.at(inputs_of(point)), settings, clock_, hooks);
  check_baseline(result);
  return result;
}

// Only where the sets are all that differs, and the executor makes anything of shapes.
void Sweep::change_shapes(const Hooks& hooks) {
  const size_t sets = job_.options.sweep.given_axes.input_sets.size();
  const bool nothing_else = points_.size() == sets && points_.front().clients == 0;
  if (sets < 2 || !nothing_else || job_.context.executor == Executor::as_is || !result_.points.front().result) {
    return;
  }
  std::vector<BenchTarget> targets;
  for (const Point& point : points_) {
    targets.push_back(target_at(point));
  }
  const std::vector<CheckedVariant>& checked = result_.points.front().result->variants;
  std::vector<size_t> variants;
  for (size_t i = 0; i < checked.size(); ++i) {
    if (checked[i].state == VariantState::good) {
      variants.push_back(i);
    }
  }
  at::set_num_threads(threads_);
  result_.shape_changes =
      shape_changes(targets, job_.specs, variants, job_.context.settings.protocol.warmup, clock_, hooks);
}

void Sweep::note_races() {
  if (job_.options.sweep.given_axes.clients.empty()) {
    return;
  }
  try {
    const BenchTarget target = target_at(points_.front());
    const Variant baseline = make_variant(target, job_.specs.front());
    const std::string changed =
        changed_attribute(baseline.unit, [&] { baseline.runnable.run(deep_copies(target.inputs)); });
    if (!changed.empty()) {
      result_.notes.push_back(fmt::format("a call of the model changes {}: clients that call at once race for it, and "
                                          "their outputs then are not those of calls one after another",
                                          changed));
    }
  } catch (const Error&) {
    // What throws does so again at the points, and is reported there.
  }
}

SweepResult Sweep::run() {
  const StopSignal stop;
  ProgressBar bar(::isatty(STDERR_FILENO) != 0, job_.session.color_stderr);
  const Hooks hooks{[] { return StopSignal::received() != 0; }, [&](const Progress& progress) { bar.draw(progress); }};
  const int64_t start = clock_.now();
  {
    const OneThread alone; // LibTorch's threads would not come along into the children that try the passes
    check_inputs();
  }
  mark_crashes(hooks);
  note_races();
  result_.points = run_sweep(
      points_, job_.context.settings,
      [this](const Point& point, const BenchSettings& settings, const Hooks& inner) {
        return bench(point, settings, inner);
      },
      clock_, hooks);
  for (PointResult& point : result_.points) {
    point.threads = threads_at(point.point);
  }
  change_shapes(hooks);
  result_.seconds = static_cast<double>(clock_.now() - start) * 1e-9;
  return std::move(result_);
}

// The worst of all points.
Closing closing_of(const SweepResult& sweep, const BenchOptions& options) {
  Closing closing;
  const auto add = [&](const PointResult& point, const std::string& line) {
    const std::string label = point.point.label();
    closing.why.push_back(label.empty() ? line : label + ": " + line);
  };
  for (const PointResult& point : sweep.points) {
    if (!point.failure.empty()) {
      closing.code = std::max(closing.code, static_cast<int>(ErrorKind::check));
      add(point, point.failure);
    }
    if (!point.result) {
      continue;
    }
    const std::vector<std::string> verdicts = failing_verdicts(*point.result, options);
    closing.code = std::max(closing.code, exit_code(*point.result, options, !verdicts.empty()));
    for (const std::string& line : failed_variants(*point.result)) {
      add(point, line);
    }
    for (const std::string& line : verdicts) {
      add(point, line);
    }
  }
  return closing;
}

} // namespace

int bench_sweep(const SweepJob& job) {
  const BenchOptions& options = job.options;
  Sweep run(job);
  const SweepResult sweep = run.run();
  BenchContext context = job.context;
  context.method = run.method();
  Closing closing = closing_of(sweep, options);
  closing.text = sweep_text(sweep, context);
  closing.json = [&] { return sweep_json(sweep, context); };
  const int code = close_bench(closing, options, job.session);
  std::vector<ExportedBench> benches;
  for (const PointResult& point : sweep.points) {
    if (point.result) {
      benches.push_back({*point.result, context_at(context, point)});
    }
  }
  options.exports.write(benches);
  return code;
}

} // namespace tsir::tool
