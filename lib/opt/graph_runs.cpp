#include "lib/opt/graph_runs.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/model/text_ir.h"
#include "lib/run/threads.h"

namespace tsir {
namespace {

void check_output(const std::string& output) {
  if (output.empty()) {
    return;
  }
  if (!output.ends_with(".pt") && !output.ends_with(".ir")) {
    throw Error(ErrorKind::usage, fmt::format("{} {}: the name must end in .pt (a module) or .ir (the graph as text)",
                                              spelled(Setting::output), output));
  }
  check_writable(output);
}

} // namespace

GraphRuns::GraphRuns(const OptJob& job, const OptHooks& hooks) : job_(job), hooks_(hooks) {
  check_output(job.output);
  set_threads(job.workload.threads);
  model_ = open_model(job.workload, job.pipeline, purpose_of(job), hooks.warn);
  if (count() > 1 && (job.one_graph || !job.output.empty())) {
    throw Error(ErrorKind::usage,
                fmt::format("{} contains {} graphs, but only one result can be written: choose one with {} N",
                            job.workload.source.file, count(), spelled(Setting::graph)));
  }
}

void GraphRuns::write(Prepared& prepared, OptOutcome& outcome) const {
  if (job_.output.ends_with(".pt")) {
    outcome.saved =
        save_checked(prepared.unit, job_.output, prepared.inputs(), job_.workload.inputs.seed, job_.workload.grad);
  } else if (!job_.output.empty()) {
    write_ir(prepared.unit, job_.output, {job_.locations, job_.elide});
  }
  if (job_.text) {
    outcome.text = to_text(*prepared.unit.graph(), {job_.locations});
  }
}

OptOutcome GraphRuns::run(size_t graph, const Warn& warn) const {
  const size_t number = count() == 1 ? 0 : graph; // 0: the only one
  Prepared prepared = prepare(model_, job_.workload, job_.pipeline, purpose_of(job_), number, warn);
  ObserverSet set(job_.observers, {job_.locations}, prepared.run_settings(), job_.workload.inputs.seed, hooks_.text);
  std::vector<Observer*> observers = set.observers();
  const auto first = hooks_.observer ? hooks_.observer(graph) : nullptr;
  if (first) {
    observers.insert(observers.begin(), first.get());
  }
  job_.pipeline.run(prepared.unit, prepared.run_settings(), observers);

  OptOutcome outcome{.method = prepared.unit.name(), .ran = set.records(), .reports = set.reports(), .text = ""};
  if (hooks_.ran) {
    hooks_.ran(outcome);
  }
  write(prepared, outcome);
  if (hooks_.done) {
    hooks_.done(outcome);
  }
  return outcome;
}

} // namespace tsir
