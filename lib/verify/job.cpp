#include "lib/verify/job.h"

#include "lib/base/error.h"
#include "lib/verify/reproducer.h"
#include "lib/verify/target.h"
#include "lib/workload/standard_input.h"

namespace tsir {
namespace {

void write_reproducers(const VerifyJob& job, std::vector<PassVerdict>& verdicts, const VerifyHooks& hooks) {
  if (job.reproducers.empty() || job.workload.source.file == "-") {
    return;
  }
  const ReproducerRequest request{.subcommand = "verify",
                                  .folder = job.reproducers,
                                  .workload = job.workload,
                                  .registry = job.registry,
                                  .found_by = job.found_by,
                                  .limit = job.limit};
  try {
    for (PassVerdict& verdict : verdicts) {
      if (is_failure(verdict)) {
        verdict.reproducer = write_reproducer(verdict, request);
      }
    }
  } catch (const Error& error) { // a full disk must not cost the verdicts
    if (hooks.warn) {
      hooks.warn(fmt::format("no reproducers: {}", error.what()));
    }
  }
}

} // namespace

VerifyOutcome verify(const VerifyJob& job, const VerifyHooks& hooks) {
  read_before_children(job.workload);
  SweepSettings settings = sweep_settings(job.workload, *job.registry, Pipeline());
  settings.limit = job.limit;
  settings.at_once = job.at_once;
  SweepResult swept = verify_each(job.pipelines, settings, [&](size_t index) {
    if (hooks.begin) {
      hooks.begin(job.pipelines[index]);
    }
  });
  VerifyOutcome outcome{.verdicts = {}, .cost = swept.cost};
  for (std::vector<PassVerdict>& verdicts : swept.verdicts) {
    std::ranges::move(verdicts, std::back_inserter(outcome.verdicts));
  }
  write_reproducers(job, outcome.verdicts, hooks);
  outcome.exit_code = exit_code(outcome.verdicts, job.refusals_are_fine);
  return outcome;
}

std::vector<Pipeline> each_of(const Pipeline& pipeline) {
  std::vector<Pipeline> all;
  for (const PassUse& use : pipeline.uses()) {
    all.push_back(Pipeline({use}));
  }
  return all;
}

nlohmann::ordered_json to_json(const VerifyJob& job, const VerifyOutcome& outcome, bool each) {
  auto passes = nlohmann::ordered_json::array();
  for (const PassVerdict& verdict : outcome.verdicts) {
    passes.push_back(to_json(verdict));
  }
  const Workload& workload = job.workload;
  return {{"schema", "tsir.verify/1"},
          {"file", workload.source.file},
          {"method", workload.source.method},
          {"start", workload.start},
          {"each", each},
          {"input_sets", workload.sets},
          {"calls", workload.calls},
          {"seed", workload.inputs.seed},
          {"executor", to_string(workload.executor)},
          {"exit_code", outcome.exit_code},
          {"cost", to_json(outcome.cost)},
          {"passes", passes}};
}

} // namespace tsir
