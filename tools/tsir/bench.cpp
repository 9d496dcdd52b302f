// tsir bench: times a model before and after every pass.
#include "lib/core/error.h"
#include "lib/core/output_file.h"
#include "lib/core/phase.h"
#include "lib/measure/allocator.h"
#include "lib/measure/preflight.h"
#include "tools/tsir/bench_outcome.h"
#include "tools/tsir/bench_progress.h"
#include "tools/tsir/bench_sweep.h"
#include "tools/tsir/bench_target.h"

#include <malloc.h>
#include <unistd.h>

namespace tsir::tool {
namespace {

// glibc gives memory back to the system between runs and takes it again, which makes identical graphs differ by 15 to
// 35 %. To be called before anything is loaded.
void keep_memory() {
  constexpr int largest_threshold = 32 << 20; // the most that glibc accepts
  ::mallopt(M_MMAP_THRESHOLD, largest_threshold);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

BenchResult measure_with_progress(const std::function<BenchTarget()>& make_target, std::vector<VariantSpec> specs,
                                  const BenchSettings& settings, const Session& session) {
  const StopSignal stop;
  ProgressBar bar(::isatty(STDERR_FILENO) != 0, session.color_stderr);
  SteadyClock clock;
  const Hooks hooks{[] { return StopSignal::received() != 0; }, [&](const Progress& progress) { bar.draw(progress); }};
  if (settings.each) { // one bad pass must not end the sweep over the others
    constexpr std::chrono::minutes limit(5);
    mark_crashing(specs, make_target, limit, hooks);
  }
  return run_bench(make_target(), specs, settings, clock, hooks);
}

int run(const BenchOptions& options, const Session& session) {
  keep_memory();
  install_allocator(!options.no_shaking);
  const Executor executor = parse_executor(options.execution.executor_name);
  if (options.json.given && options.json.file != "-") {
    check_writable(options.json.file);
  }
  options.exports.check(options.json, options.model.file, options.sweep.given());
  options.sweep.check(options.input, options.execution);
  options.sweep.set_threads();
  const c10::Device device = options.execution.prepare();
  std::vector<VariantSpec> specs = variants_of(options, session, device);
  const Environment environment = read_environment(); // before our own work shows in the load
  const BenchSettings settings = settings_of(options, environment);
  const OpenedModel model(options.model, OpenMode::load, device);
  put_against(specs, options, device);
  const Phase phase(fmt::format("benching {}", options.model.file));
  if (options.sweep.given()) {
    const BenchContext context{options.model.file, "",          options.passes,     "tsir", device.str(), executor,
                               settings,           environment, options.percentiles};
    return bench_sweep({options, session, model, device, std::move(specs), context});
  }

  std::string method;
  const auto make_target = [&] {
    BenchTarget target = target_of(options, model, device);
    method = target.method;
    return target;
  };
  const BenchResult result = measure_with_progress(make_target, specs, settings, session);
  check_baseline(result);
  const BenchContext context{options.model.file, method,      options.passes,     "tsir", device.str(), executor,
                             settings,           environment, options.percentiles};
  const bool json_only = options.json.given && options.json.file == "-";
  if (!json_only) {
    write_results(session, report_text(result, context));
  }
  const std::vector<std::string> failing = failing_verdicts(result, options);
  const int code = exit_code(result, options, !failing.empty());
  // On a terminal the report has said it already.
  if (code != 0 && (json_only || ::isatty(session.results_fd) == 0)) {
    print_failures(result, failing);
  }
  if (options.json.given) {
    write_json(session, report_json(result, context), options.json.file);
  }
  options.exports.write({{result, context}});
  return code;
}

} // namespace

void add_bench(CLI::App& app, Command& command) {
  auto* sub = app.add_subcommand(
      "bench",
      "Time a model before and after every pass of --passes, or with each pass alone (--each).\n"
      "All variants take turns in balanced random order, in several rounds of fresh instances. Graphs that execute "
      "the same are recognised and not timed; outputs are compared first. The module is loaded fully, which runs "
      "its __setstate__. Exit code 1: outputs differ; 4: a pass failed");
  auto options = std::make_shared<BenchOptions>();
  options->add_to(*sub);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run(*options, session); }; });
}

} // namespace tsir::tool
