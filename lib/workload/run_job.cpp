#include "lib/workload/run_job.h"

#include "lib/base/output_file.h"
#include "lib/input/output_data.h"
#include "lib/run/summary.h"
#include "lib/run/threads.h"

#include <ATen/Parallel.h>

namespace tsir {
namespace {

std::string headline(const RunJob& job, const RunOutcome& outcome) {
  const Workload& workload = job.workload;
  return fmt::format(
      "{}: {}, executor {}, device {}, threads {}{}{}\n", workload.source.file, outcome.method,
      to_string(workload.executor), outcome.device, outcome.threads, workload.grad ? ", autograd on" : "",
      job.passes.empty() ? "" : fmt::format(", after {} '{}'", spelled(Setting::passes), job.passes.text()));
}

std::string difference_text(const Repetition& measured) {
  if (measured.differing_run == 0) {
    return "";
  }
  const Difference& difference = measured.difference;
  return fmt::format("run {} differs from run 1{}{}: {}\n", measured.differing_run,
                     difference.where.empty() ? "" : " at ", difference.where, difference.what);
}

nlohmann::ordered_json difference_json(const Repetition& measured) {
  if (measured.differing_run == 0) {
    return nullptr;
  }
  return {{"run", measured.differing_run}, {"where", measured.difference.where}, {"what", measured.difference.what}};
}

} // namespace

RunOutcome run(const RunJob& job, const Warn& warn) {
  if (!job.output.empty()) {
    check_writable(job.output);
  }
  const Workload& workload = job.workload;
  set_threads(workload.threads);
  Prepared prepared = prepare(workload, job.passes, {.run = true}, warn);
  job.passes.run(prepared.unit, prepared.run_settings());

  const Runnable runnable(prepared.unit, workload.executor, workload.grad);
  RunOutcome outcome{
      .method = shown_method(workload.source, prepared.unit),
      .device = prepared.device.str(),
      .threads = at::get_num_threads(),
      .measured = repeat(runnable, *prepared.inputs(), job.runs, prepared.device, workload.inputs.seed, job.seed_once),
  };
  if (!job.output.empty()) {
    const std::vector<char> bytes = as_torch_file(outcome.measured.outputs);
    write_file(job.output, {bytes.data(), bytes.size()});
  }
  return outcome;
}

std::string to_text(const RunJob& job, const RunOutcome& outcome) {
  const Repetition& measured = outcome.measured;
  return headline(job, outcome) + to_text(summarize(measured.outputs), "") + to_text(measured.times) +
         difference_text(measured);
}

nlohmann::ordered_json to_json(const RunJob& job, const RunOutcome& outcome) {
  const Repetition& measured = outcome.measured;
  return {{"schema", "tsir.run/1"},
          {"file", job.workload.source.file},
          {"method", outcome.method},
          {"passes", job.passes.text()},
          {"executor", to_string(job.workload.executor)},
          {"device", outcome.device},
          {"threads", outcome.threads},
          {"grad", job.workload.grad},
          {"seed", job.workload.inputs.seed},
          {"outputs", to_json(summarize(measured.outputs))},
          {"times", to_json(measured.times)},
          {"first_different_run", difference_json(measured)}};
}

} // namespace tsir
