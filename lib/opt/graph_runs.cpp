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

// A module that is written is checked on whatever inputs are at hand.
Prepared GraphRuns::prepared_graph(size_t number, const Warn& warn) const {
  Purpose purpose = purpose_of(job_);
  Prepared prepared = prepare(model_, job_.workload, job_.pipeline, purpose, number, warn);
  if (job_.output.ends_with(".pt") && prepared.input_sets.empty() && has_own_inputs(*model_, prepared.unit)) {
    purpose.inputs = true;
    try {
      return prepare(model_, job_.workload, job_.pipeline, purpose, number);
    } catch (const Error&) {
      return prepared; // nobody gave these inputs, so nobody is told that they do not fit
    }
  }
  return prepared;
}

void GraphRuns::write(Prepared& prepared, size_t number, const FileContents& before, OptOutcome& outcome) const {
  if (job_.output.ends_with(".pt")) {
    std::optional<SaveReference> reference;
    if (prepared.inputs() != nullptr) {
      reference.emplace(SaveReference{.open = [&] { return model_->unit(number); },
                                      .inputs = *prepared.inputs(),
                                      .tolerance = job_.observers.compare.value_or(Tolerance{}),
                                      .seed = job_.workload.inputs.seed,
                                      .grad = job_.workload.grad,
                                      .allow_different = job_.allow_different,
                                      .given = gives_inputs(job_.workload)});
    }
    outcome.saved = save_checked(prepared.unit, job_.output, before, reference);
  } else if (!job_.output.empty()) {
    write_ir(prepared.unit, job_.output, {job_.locations, job_.elide});
  }
  if (job_.text) {
    outcome.text = to_text(*prepared.unit.graph(), {job_.locations});
  }
}

OptOutcome GraphRuns::run(size_t graph, const Warn& warn) const {
  const size_t number = count() == 1 ? 0 : graph; // 0: the only one
  Prepared prepared = prepared_graph(number, warn);
  const FileContents before =
      job_.output.ends_with(".pt") ? contents_of(*model_, prepared.unit, prepared.device) : FileContents();
  ObserverSet set(job_.observers, {job_.locations}, prepared.run_settings(), job_.workload.inputs.seed, hooks_.text);
  std::vector<Observer*> observers = set.observers();
  const auto first = hooks_.observer ? hooks_.observer(graph) : nullptr;
  if (first) {
    observers.insert(observers.begin(), first.get());
  }
  job_.pipeline.run(prepared.unit, prepared.run_settings(), observers);

  OptOutcome outcome{.method = shown_method(job_.workload.source, prepared.unit),
                     .of_module = prepared.unit.has_module(),
                     .ran = set.records(),
                     .reports = set.reports(),
                     .text = ""};
  if (hooks_.ran) {
    hooks_.ran(outcome);
  }
  write(prepared, number, before, outcome);
  if (hooks_.done) {
    hooks_.done(outcome);
  }
  return outcome;
}

} // namespace tsir
