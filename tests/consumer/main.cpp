// What a program does with the library: counts the nodes of a model's forward with all calls inlined, without running
// the model's code; verifies a pass; times the model as it is and after the pass, and prints the report.
#include "lib/bench/job/job.h"
#include "lib/bench/report/conclusion.h"
#include "lib/bench/report/report.h"
#include "lib/ir/walk.h"
#include "lib/model/load/inspect.h"
#include "lib/verify/job.h"
#include "lib/verify/report.h"
#include "passes/all.h"

#include <cstdio>

namespace {

int verify(const tsir::Workload& workload, const tsir::Registry& registry, const tsir::Pipeline& passes) {
  tsir::VerifyJob job;
  job.workload = workload;
  job.registry = &registry;
  job.pipelines = {passes};
  const tsir::VerifyOutcome outcome = tsir::verify(job);
  std::printf("%s", tsir::verdict_summary(outcome.verdicts).c_str());
  return outcome.exit_code;
}

int bench(const tsir::Workload& workload, const tsir::Registry& registry, const tsir::Pipeline& passes) {
  tsir::BenchJob job;
  job.workload = workload;
  job.registry = &registry;
  job.passes = passes;
  job.settings.protocol.rounds = 1;
  job.settings.protocol.blocks = 2;
  const tsir::BenchOutcome outcome = tsir::run(job);
  std::printf("%s", tsir::report_text(outcome).c_str());
  return tsir::conclude(outcome, {}).failure ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const tsir::InspectedModule inspected = tsir::inspect(argv[1]);
  const auto graph = torch::jit::toGraphFunction(inspected.module.get_method("forward").function()).graph();
  std::printf("%zu nodes\n", tsir::count_nodes(*tsir::inlined(*graph)));

  const tsir::Registry registry = tsir::all_passes();
  const tsir::Pipeline passes = tsir::Pipeline::parse("freeze", registry);
  tsir::Workload workload;
  workload.source.file = argv[1];
  workload.inputs.inputs = {"float32[4,16]"};
  const int failed = verify(workload, registry, passes); // before anything runs in this process: it forks
  return failed != 0 ? failed : bench(workload, registry, passes);
}
