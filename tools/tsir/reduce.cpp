// tsir reduce: makes a graph that shows a failure as small as possible.
#include "lib/reduce/job.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/progress.h"
#include "tools/tsir/reduce_options.h"
#include "tools/tsir/stop_signal.h"

#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

ReduceJob job_of(const ReduceOptions& options, const Session& session) {
  return {.workload = options.proof.workload(session),
          .registry = &session.registry,
          .passes = Pipeline::parse(options.passes, session.registry),
          .condition = options.condition(),
          .command = options.command(),
          .output = options.output,
          .max_seconds = options.max_seconds,
          .limit = options.proof.pass_limit(),
          .at_once = options.at_once};
}

// Shows progress: one line on a terminal, or with --verbose a new line at most once a second.
class ReduceLine {
public:
  explicit ReduceLine(bool verbose) : verbose_(verbose && ::isatty(STDERR_FILENO) == 0) {}
  void draw(const ReduceProgress& progress);

private:
  using Clock = std::chrono::steady_clock;
  bool verbose_;
  ProgressLine line_;
  Clock::time_point written_at_{};
};

void ReduceLine::draw(const ReduceProgress& progress) {
  const std::string left =
      fmt::format("{} nodes of {} left: {}", progress.nodes, progress.nodes_before, progress.doing);
  const auto now = Clock::now();
  if (verbose_ && now - written_at_ > std::chrono::seconds(1)) {
    std::fprintf(stderr, "tsir: %zu trials, %s\n", progress.trials, left.c_str());
    written_at_ = now;
  } else if (line_.is_due()) {
    line_.draw(fmt::format("[{:.0f} s, {} trials] {}", progress.seconds, progress.trials, left));
  }
}

int run_reduce(const ReduceOptions& given, const Session& session) {
  ReduceOptions options = given;
  options.complete_from_file();
  options.check();
  const ReduceJob job = job_of(options, session);
  const StopSignal stop_signal;
  ReduceOutcome outcome;
  try {
    ReduceLine line(options.verbose);
    outcome = reduce(job, {.stop = [] { return StopSignal::received() != 0; },
                           .progress = [&](const ReduceProgress& progress) { line.draw(progress); }});
  } catch (const Error& error) {
    if (StopSignal::received() == 0) {
      throw;
    }
    std::fprintf(stderr, "tsir: error: %s\n", error.what());
    return 128 + StopSignal::received();
  }
  write_report(
      session, options.json, [&] { return to_json(job, outcome); }, [&] { return to_text(job, outcome); });
  return StopSignal::received() != 0 ? 128 + StopSignal::received() : 0;
}

} // namespace

void add_reduce(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "reduce", "Make a graph that shows a failure as small as possible",
      "Removes nodes, blocks, inputs, outputs and constants, and shrinks sizes, as long as the failure stays. By "
      "default, the failure is what `tsir verify` finds with these passes: the same pass and the same verdict. Every "
      "trial runs in a child process.\n"
      "The -o file always holds the smallest graph so far, with the command that shows the failure in its first "
      "lines. To continue, run reduce on that file.");
  auto options = std::make_shared<ReduceOptions>();
  options->add_to(*sub);
  set_command(*sub, command, options, run_reduce);
}

} // namespace tsir::tool
