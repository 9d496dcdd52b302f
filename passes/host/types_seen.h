// Types seen in a run, which some passes need. `--emit-cpp` copies this file into the header that it writes.
#pragma once

#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/csrc/jit/runtime/profiling_record.h>

#include <memory>
#include <vector>

namespace host_passes {

using GraphPointer = std::shared_ptr<torch::jit::Graph>;

// A copy of the graph of a method with the types that a run on copies of the inputs saw.
inline GraphPointer with_types(const GraphPointer& graph, const torch::jit::Method& method,
                               const std::vector<c10::IValue>& inputs) {
  torch::jit::Stack given = {method.owner()._ivalue()};
  given.insert(given.end(), inputs.begin(), inputs.end());
  method.function().getSchema().checkAndNormalizeInputs(given, {});
  const auto record = torch::jit::ProfilingRecord::instrumentGraph(graph->copy());
  const torch::jit::Code code(record->profiled_graph_, method.name());
  while (record->profiling_count_ > 0) {
    torch::jit::Stack stack;
    for (const c10::IValue& value : given) {
      stack.push_back(value.deepcopy());
    }
    const at::NoGradGuard no_grad;
    const torch::jit::GraphOptimizerEnabledGuard as_it_stands(false);
    torch::jit::InterpreterState(code).run(stack);
  }
  GraphPointer typed = record->profiled_graph_->copy();
  torch::jit::ProfilingRecord::removeProfileCounter(typed->block());
  torch::jit::RemoveProfileNodesAndSpecializeTypes(typed);
  return typed;
}

// Gives the graph the nodes of another one, without the types that were seen.
inline void replace_without_types(const GraphPointer& graph, GraphPointer& other) {
  torch::jit::ProfilingRecord::removeProfilingNodes(other->block()); // those of uses that did not run are left
  torch::jit::RemoveTensorTypeSpecializations(other);
  graph->block()->clear();
  graph->block()->cloneFrom(other->block(), nullptr);
}

} // namespace host_passes
