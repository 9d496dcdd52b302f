// tsir bench: times a model before and after every pass.
#include "lib/base/output_file.h"
#include "lib/base/run_all.h"
#include "lib/bench/report/conclusion.h"
#include "lib/bench/report/report.h"
#include "lib/bench/report/sweep_report.h"
#include "tools/tsir/bench_options.h"
#include "tools/tsir/bench_progress.h"
#include "tools/tsir/help_format.h"

#include <torch/csrc/jit/runtime/print_handler.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

// Limits the output of a model that prints, because a bench calls it thousands of times.
void limit_prints() {
  jit::setPrintHandler([](const std::string& text) {
    constexpr size_t most = 20;
    static std::atomic<size_t> printed = 0;
    const size_t number = printed++;
    if (number <= most) {
      std::fputs(number < most ? text.c_str() : "tsir: further output of the model is not shown\n", stderr);
    }
  });
}

// Runs the job with a progress bar. The first Ctrl-C ends it, and what is known so far is reported.
template <class Outcome>
Outcome run_watched(Outcome (*run)(const BenchJob&, const JobHooks&), const BenchJob& job, const Session& session) {
  ProgressBar bar(::isatty(STDERR_FILENO) != 0, session.color_stderr);
  const JobHooks hooks{.stop = [] { return StopSignal::received() != 0; },
                       .progress = [&](const Progress& progress) { bar.draw(progress); },
                       .watch = [] { return std::make_shared<StopSignal>(); }};
  try {
    return run(job, hooks);
  } catch (const Interrupted&) {
    ::raise(StopSignal::received()); // there is nothing to report: end as the signal does by default
    throw;
  }
}

struct Report {
  std::string text;
  std::function<nlohmann::ordered_json()> json;
};

// Prints the report, or only the JSON if that goes to standard output. The reasons for a failure are printed to
// standard error, unless the report has shown them on the same terminal. Returns the exit code.
int close_bench(const Conclusion& conclusion, const Report& report, const BenchOptions& options,
                const Session& session) {
  const int code = conclusion.interrupted ? 128 + StopSignal::received()
                   : conclusion.failure   ? static_cast<int>(*conclusion.failure)
                                          : 0;
  const bool json_only = options.json.takes_output();
  if (!json_only) {
    write_results(session, report.text);
  }
  if (code != 0 && (json_only || ::isatty(session.results_fd) == 0)) {
    for (const std::string& line : conclusion.why) {
      std::fprintf(stderr, "tsir: error: %s\n", line.c_str());
    }
  }
  if (options.json.given) {
    write_json(session, report.json(), options.json.file);
  }
  return code;
}

int bench_once(const BenchJob& job, const BenchOptions& options, const Session& session) {
  const BenchOutcome result = run_watched(tsir::run, job, session);
  const Report report{report_text(result, {options.percentiles}), [&] { return report_json(result); }};
  const Conclusion conclusion = conclude(result, {!options.fail_on.empty(), options.strict});
  int code = 0;
  // Measuring took long: if one result cannot be written, the others still are.
  run_all({[&] { code = close_bench(conclusion, report, options, session); },
           [&] { write_exports(options.exports.files(), {&result}); }, [&] { options.baseline.write(result); }});
  return code;
}

int bench_points(const BenchJob& job, const BenchOptions& options, const Session& session) {
  const SweepOutcome result = run_watched(tsir::sweep, job, session);
  const Report report{sweep_text(result, {options.percentiles}), [&] { return sweep_json(result); }};
  const Conclusion conclusion = conclude(result, {!options.fail_on.empty(), options.strict});
  std::vector<const BenchOutcome*> benches;
  for (const PointOutcome& point : result.points) {
    if (point.result) {
      benches.push_back(&*point.result);
    }
  }
  int code = 0;
  run_all({[&] { code = close_bench(conclusion, report, options, session); },
           [&] { write_exports(options.exports.files(), benches); }});
  return code;
}

int run(const BenchOptions& options, const Session& session) {
  options.sweep.check(options.input);
  const BenchJob job = options.job(session);
  check_job(job);
  options.check_files();
  limit_prints();
  return job.axes.empty() ? bench_once(job, options, session) : bench_points(job, options, session);
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
  set_command(*sub, command, options, run);
}

} // namespace tsir::tool
