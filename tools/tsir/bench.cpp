// tsir bench: times a model before and after every pass.
#include "lib/base/output_file.h"
#include "lib/bench/machine/allocator.h"
#include "lib/bench/machine/gpu_watch.h"
#include "lib/bench/operators/bench_operators.h"
#include "lib/bench/report/train_report.h"
#include "lib/bench/variants/preflight.h"
#include "lib/process/phase.h"
#include "tools/tsir/bench_combinations.h"
#include "tools/tsir/bench_outcome.h"
#include "tools/tsir/bench_progress.h"
#include "tools/tsir/bench_sweep.h"
#include "tools/tsir/bench_target.h"
#include "tools/tsir/help_format.h"

#include <torch/csrc/jit/runtime/print_handler.h>

#include <atomic>
#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

// A model that prints does so in each of thousands of calls.
void limit_prints() {
  jit::setPrintHandler([](const std::string& text) {
    constexpr size_t most = 20;
    static std::atomic<size_t> printed = 0;
    const size_t number = printed++;
    if (number <= most) {
      std::fputs(number < most ? text.c_str() : "tsir: the model prints on: the rest is left out\n", stderr);
    }
  });
}

// The driver counts all GPUs of the machine, CUDA those that CUDA_VISIBLE_DEVICES leaves.
std::optional<unsigned> gpu_number(c10::Device device) {
  const bool same_numbers = std::getenv("CUDA_VISIBLE_DEVICES") == nullptr;
  return device.is_cuda() && same_numbers ? std::optional(static_cast<unsigned>(device.index())) : std::nullopt;
}

BenchResult measure_with_progress(const std::function<BenchTarget()>& make_target, std::vector<VariantSpec> specs,
                                  const std::vector<Rival>& rivals, const BenchSettings& settings,
                                  const BenchOptions& options, const Session& session) {
  const StopSignal stop;
  ProgressBar bar(::isatty(STDERR_FILENO) != 0, session.color_stderr);
  SteadyClock clock;
  Hooks hooks{[] { return StopSignal::received() != 0; }, [&](const Progress& progress) { bar.draw(progress); }};
  if (settings.each) { // one bad pass must not end the sweep over the others
    constexpr std::chrono::minutes limit(5);
    mark_crashing(specs, make_target, limit, hooks);
  }
  const BenchTarget target = make_target();
  add_rivals(specs, rivals, target);
  GpuWatch gpu(gpu_number(target.device));
  hooks.progress = [&](const Progress& progress) {
    bar.draw(progress);
    gpu.sample();
  };
  BenchResult result = run_bench(target, specs, settings, clock, hooks);
  if (options.ops.given && !result.interrupted) {
    const OperatorSettings operators{static_cast<size_t>(options.ops.rows), !options.exports.trace.empty()};
    profile_operators(result, target, settings, operators, clock, hooks);
  }
  const std::vector<std::string> notes = gpu.notes();
  result.notes.insert(result.notes.end(), notes.begin(), notes.end());
  return result;
}

// All but those of --save-baseline and --baseline.
std::vector<std::string> other_files(const BenchOptions& options) {
  std::vector<std::string> files = options.exports.files();
  files.insert(files.end(), {options.model.file, options.against, options.json.given ? options.json.file : ""});
  return files;
}

// Prints the report, writes the files, and gives the exit code.
int finish(const BenchResult& result, BenchContext context, const BenchOptions& options, const BaselineFiles& baseline,
           const Session& session) {
  std::vector<std::string> failing = failing_verdicts(result, options);
  baseline.compare(result, context, !options.fail_on.empty(), options.strict, failing);
  Closing closing{exit_code(result, options, !failing.empty()), failed_variants(result), report_text(result, context),
                  [&] { return report_json(result, context); }};
  closing.why.insert(closing.why.end(), failing.begin(), failing.end());
  const int code = close_bench(closing, options, session);
  options.exports.write({{result, context}});
  baseline.save(result, context);
  return code;
}

int run(const BenchOptions& options, const Session& session) {
  check_combinations(options);
  keep_freed_memory();
  limit_prints();
  install_allocator(!options.no_shaking);
  const Executor executor = parse_executor(options.execution.executor_name);
  if (options.json.given && options.json.file != "-") {
    check_writable(options.json.file);
  }
  options.exports.check(options.json, options.model.file, options.sweep.given());
  BaselineFiles baseline(options.baseline, options.model.file, other_files(options));
  options.sweep.check(options.input, options.execution);
  options.sweep.set_threads();
  const c10::Device device = options.execution.prepare();
  std::vector<VariantSpec> specs = variants_of(options, session, device);
  const std::vector<Rival> rivals = open_rivals(options);
  const Environment environment = read_environment(); // before our own work shows in the load
  BenchSettings settings = settings_of(options, environment);
  options.train.apply(settings, options.execution.executor_name);
  options.baseline.apply(settings);
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  const OpenedModel model(workload.source, OpenMode::load, device, warn_once);
  put_against(specs, options, workload);
  baseline.check(specs);
  const auto training = options.train.start(model, options.model.file);
  const Phase phase(fmt::format("benching {}", options.model.file));
  if (options.sweep.given()) {
    const BenchContext context{options.model.file, "",          options.passes,     "tsir", device.str(), executor,
                               settings,           environment, options.percentiles};
    return bench_sweep({options, session, model, device, std::move(specs), context});
  }

  std::string method;
  const auto make_target = [&] {
    BenchTarget target = target_of(options, model, device);
    TrainOptions::apply(training, target);
    method = target.method;
    baseline.check(target, environment, !options.no_shaking);
    return target;
  };
  const BenchResult result = measure_with_progress(make_target, specs, rivals, settings, options, session);
  check_baseline(result);
  BenchContext context{options.model.file, method,      options.passes,     "tsir", device.str(), executor,
                       settings,           environment, options.percentiles};
  if (training) {
    context.sections.push_back(training_section(result, *training));
    context.compared = "losses";
  }
  return finish(result, std::move(context), options, baseline, session);
}

} // namespace

void add_bench(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "bench", "Measure how passes change the speed of a model",
      "Times the model before and after every pass of --passes, or with each pass alone (--each). All variants take "
      "turns in balanced random order, in several rounds of fresh instances. Graphs that execute the same are "
      "recognised and not timed; outputs are compared first.\n"
      "The module is loaded fully, which runs its __setstate__. Exit code 1: outputs differ; 4: a pass failed.");
  auto options = std::make_shared<BenchOptions>();
  options->add_to(*sub);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run(*options, session); }; });
}

} // namespace tsir::tool
