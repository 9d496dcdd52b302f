// tsir bisect: finds the pass of a pipeline that causes a failure.
#include "lib/base/error.h"
#include "lib/bisect/job.h"
#include "tools/tsir/bisect_options.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/progress.h"

namespace tsir::tool {
namespace {

BisectJob job_of(const BisectOptions& options, const Session& session) {
  using Question = BisectJob::Question;
  if (options.slower && !options.test.empty()) {
    throw Error(ErrorKind::usage, "--slower and --test: give one of them");
  }
  BisectJob job{.workload = options.proof.workload(session),
                .registry = &session.registry,
                .passes = Pipeline::parse(options.passes, session.registry),
                .question = options.slower          ? Question::slower
                            : !options.test.empty() ? Question::command
                                                    : Question::results,
                .command = options.test,
                .band = options.band_percent / 100,
                .bench_seconds = options.bench_seconds,
                .linear = options.linear,
                .opt_limit = options.opt_limit,
                .limit = options.proof.pass_limit(),
                .found_by = session.given.line(),
                .reproducers = options.reproducers};
  if (job.passes.empty()) {
    throw Error(ErrorKind::usage, "give --passes: the pipeline to bisect");
  }
  return job;
}

int run_bisect(const BisectOptions& options, const Session& session) {
  const BisectJob job = job_of(options, session);
  BisectOutcome outcome;
  {
    ProgressLine progress(std::chrono::milliseconds(0));
    outcome = bisect(job, [&](size_t passes) {
      progress.draw(fmt::format("after {} of {} passes…", passes, job.passes.uses().size()));
    });
  }
  write_report(
      session, options.json, [&] { return to_json(job, outcome); },
      [&] { return to_text(job, outcome, session.color); });
  return outcome.result.found ? 0 : static_cast<int>(ErrorKind::check);
}

} // namespace

void add_bisect(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "bisect", "Find the pass of a pipeline that causes a failure",
      "A failure is a wrong result, a broken graph, an exception, a crash or a hang. With --slower, it is a slowdown; "
      "with --test, a graph that a command rejects. Where LibTorch can limit the pass (--opt-limit), the application "
      "within the pass is found as well. Every state runs in a child process.\n"
      "Exit code 0: a pass was found; 1: nothing is wrong.");
  auto options = std::make_shared<BisectOptions>();
  options->add_to(*sub);
  set_command(*sub, command, options, run_bisect);
}

} // namespace tsir::tool
