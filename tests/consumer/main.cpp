// Counts the nodes of a model's forward, all calls inlined, without running any of the model's code; then times it as
// it is and with one pass, and prints the report.
#include "lib/base/bytes.h"
#include "lib/bench/job/job.h"
#include "lib/bench/report/conclusion.h"
#include "lib/bench/report/report.h"
#include "lib/ir/walk.h"
#include "lib/model/load/inspect.h"
#include "lib/model/load/load.h"
#include "passes/all.h"

#include <cstdio>

namespace {

int bench(const std::string& file) {
  const tsir::Registry registry = tsir::all_passes();
  tsir::BenchJob job;
  job.model = {file, [file] {
                 const auto source = std::make_shared<const tsir::ModelSource>(tsir::Bytes::open(file));
                 return [source] { return tsir::Unit::of_module(source->instantiate(c10::kCPU), "forward"); };
               }};
  job.inputs = [](tsir::Unit&, const tsir::Point&, c10::Device) -> std::vector<c10::IValue> {
    return {at::ones({4, 16})};
  };
  job.passes_text = "freeze";
  job.passes = tsir::Pipeline::parse(job.passes_text, registry);
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
  const tsir::InspectedModule looked = tsir::inspect(argv[1]);
  const auto graph = torch::jit::toGraphFunction(looked.module.get_method("forward").function()).graph();
  std::printf("%zu nodes\n", tsir::count_nodes(*tsir::inlined(*graph)));
  return bench(argv[1]);
}
