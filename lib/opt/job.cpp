#include "lib/opt/job.h"

#include "lib/opt/graph_runs.h"

namespace tsir {

// Inputs that are given are made even if no pass needs them: a module that is written is checked on them.
Purpose purpose_of(const OptJob& job) {
  return {.run = job.observers.compare.has_value(),
          .load = job.load || !job.output.empty(),
          .inputs = gives_inputs(job.workload)};
}

std::vector<OptOutcome> opt(const OptJob& job, const OptHooks& hooks) {
  const GraphRuns runs(job, hooks);
  std::vector<OptOutcome> outcomes;
  for (size_t graph = 1; graph <= runs.count(); ++graph) {
    if (hooks.begin) {
      hooks.begin(graph);
    }
    outcomes.push_back(runs.run(graph, hooks.warn));
  }
  return outcomes;
}

nlohmann::ordered_json to_json(const OptJob& job, const OptOutcome& outcome) {
  return {{"schema", "tsir.opt/1"},        {"file", job.workload.source.file}, {"method", outcome.method},
          {"passes", job.pipeline.text()}, {"ran", to_json(outcome.ran)},      {"graph", outcome.text}};
}

} // namespace tsir
