#include "lib/run/profile.h"

#include "lib/base/error.h"
#include "lib/process/phase.h"
#include "lib/run/compare.h"
#include "lib/run/failure.h"
#include "lib/run/profile_nodes.h"
#include "lib/run/switches.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/profiling_record.h>

namespace tsir {
namespace {

void run_once(const jit::Code& code, jit::Stack stack, bool grad) {
  const c10::AutoGradMode grad_mode(grad);
  const jit::GraphOptimizerEnabledGuard as_it_stands(false);
  jit::InterpreterState(code).run(stack);
}

} // namespace

jit::Stack copied_stack(const Unit& unit, const std::vector<c10::IValue>& inputs, bool grad) {
  jit::Stack stack = unit.stack(inputs);
  const bool self_unused = unit.has_module() && unit.graph()->inputs().at(0)->uses().empty();
  for (size_t i = self_unused ? 1 : 0; i < stack.size(); ++i) { // a module that the graph does not use is not copied
    stack[i] = deep_copy(stack[i]);
    if (grad && stack[i].isTensor() && stack[i].toTensor().is_floating_point()) {
      stack[i].toTensor().requires_grad_();
    }
  }
  return stack;
}

GraphPtr profiled_copy(const Unit& unit, const std::vector<c10::IValue>& inputs, bool grad) {
  const Phase phase(fmt::format("profiling {}", unit.name()));
  if (unit.stack(inputs).size() != unit.graph()->inputs().size()) {
    throw Error(ErrorKind::usage, fmt::format("{} takes {} inputs, not {}", unit.name(),
                                              unit.schema().arguments().size(), inputs.size()));
  }
  try {
    const GraphPtr whole = unit.graph()->copy();
    drop_bare_profiles(*whole);
    const std::vector<SwitchScope> switches = switches_for(*whole);
    const auto record = jit::ProfilingRecord::instrumentGraph(whole);
    const jit::Code code(record->profiled_graph_, unit.name());
    // One run is profiled, or more if LibTorch is set to profile more. The counter decreases at the end of the graph.
    while (record->profiling_count_ > 0) {
      run_once(code, copied_stack(unit, inputs, /*grad=*/false), grad);
    }
    GraphPtr graph = record->profiled_graph_->copy();
    jit::ProfilingRecord::removeProfileCounter(graph->block());
    jit::RemoveProfileNodesAndSpecializeTypes(graph);
    forget_record(*graph);
    return graph;
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check, run_failure("profiling " + unit.name(), error, grad));
  }
}

void forget_types(GraphPtr& graph) {
  jit::ProfilingRecord::removeProfilingNodes(graph->block());
  jit::RemoveTensorTypeSpecializations(graph);
}

} // namespace tsir
