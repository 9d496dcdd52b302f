// The graph that LibTorch's executor runs after optimisation.
#include "lib/dump/view.h"
#include "lib/ir/walk.h"
#include "lib/process/phase.h"

#include <torch/csrc/jit/runtime/graph_executor.h>

namespace tsir {

DumpView view_of_plan(const Unit& unit, const std::string& file, Executor executor, bool grad,
                      const std::vector<c10::IValue>& inputs, const DumpSettings& settings) {
  const Runnable runnable(unit, executor, grad);
  // the profiling runs, one that compiles, and one that uses the result
  const auto runs = jit::getNumProfiledRuns().load() + 2;
  for (size_t i = 0; i < runs; ++i) {
    const Phase phase(fmt::format("run {} of {} of {}", i + 1, runs, unit.name()));
    runnable.run(inputs);
  }
  const GraphPtr plan = runnable.executed_graph();
  DumpView view{.file = file, .kind = "the plan that LibTorch runs", .sections = {"graph"}};
  view.graphs = {{fmt::format("{}, as the {} executor runs it after {} runs", unit.name(), to_string(executor), runs),
                  unit.name(), count_nodes(*plan, true), to_text(*plan, {.locations = settings.locations})}};
  view.operators_of = unit.name();
  InlinedGraphs inlined;
  view.operators = operators_of(*plan, inlined);
  return view;
}

} // namespace tsir
