// The report of a reduction, as text and as JSON.
#include "lib/base/setting.h"
#include "lib/base/shell_quoted.h"
#include "lib/base/units.h"
#include "lib/reduce/job.h"
#include "lib/reduce/trial.h"

namespace tsir {
namespace {

std::string stop_text(ReduceStop stop) {
  switch (stop) {
  case ReduceStop::smallest:
    return "no further reduction is possible";
  case ReduceStop::asked:
    return "stopped; to continue, run reduce on this file";
  case ReduceStop::out_of_time:
    return fmt::format("{} has passed; to continue, run reduce on this file", spelled(Setting::max_time));
  }
  return "";
}

} // namespace

std::string reproducing_command(const ReduceJob& job) {
  return job.command.empty() ? replay_command(job.output).line() : command_line(job.command, job.output);
}

std::string to_text(const ReduceJob& job, const ReduceOutcome& outcome) {
  const std::string start = outcome.start.empty() ? ""
                                                  : fmt::format("the starting graph was made with {} {}\n",
                                                                spelled(Setting::passes), shell_quoted(outcome.start));
  return fmt::format("{}: {} nodes of {}, after {} trials in {}: {}\n{}\n{}to reproduce: {}\n", job.output,
                     outcome.nodes, outcome.nodes_before, outcome.trials, human_seconds(outcome.seconds),
                     stop_text(outcome.stop), outcome.reproducer.what, start, reproducing_command(job));
}

nlohmann::ordered_json to_json(const ReduceJob& job, const ReduceOutcome& outcome) {
  return {{"schema", "tsir.reduce/1"},
          {"file", job.workload.source.file},
          {"output", job.output},
          {"nodes_before", outcome.nodes_before},
          {"nodes", outcome.nodes},
          {"trials", outcome.trials},
          {"kept", outcome.kept},
          {"seconds", outcome.seconds},
          {"complete", outcome.stop == ReduceStop::smallest},
          {"start", outcome.start},
          {"passes", outcome.passes},
          {"what", outcome.reproducer.what},
          {"subcommand", outcome.reproducer.invocation.subcommand()},
          {"arguments", outcome.reproducer.invocation.options()}};
}

} // namespace tsir
