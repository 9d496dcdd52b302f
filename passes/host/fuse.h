// The pass fuse, with LibTorch's functions only: `--emit-cpp` copies this file into the header that it writes.
#pragma once

#include "passes/host/onednn_layouts.h"
#include "passes/host/onednn_prepare.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/codegen/fuser/interface.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/csrc/jit/runtime/profiling_record.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace torch::jit::fuser::onednn { // its header is not in every package
void fuseGraph(std::shared_ptr<Graph>& graph);
} // namespace torch::jit::fuser::onednn

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

// oneDNN Graph, which fuses for CPUs.
inline void fuse_with_onednn(GraphPointer& graph) {
  onednn::prepare_for_onednn(graph);
  const GraphPointer prepared = graph->copy();
  try {
    torch::jit::fuser::onednn::fuseGraph(graph);
  } catch (const std::out_of_range&) {
    graph = prepared;
    onednn::fuse_with_lifted_constants(graph, &torch::jit::fuser::onednn::fuseGraph);
  }
  onednn::inline_fallbacks(*graph->block());
  onednn::settle_layouts(*graph, true);
}

// NNC, on CUDA and where LibTorch was built with LLVM.
inline void fuse_with_nnc(GraphPointer& graph) {
  torch::jit::FuseTensorExprs(graph);
  onednn::inline_fallbacks(*graph->block());
}

// The fuser for the device that the inputs are on.
inline void fuse_with_best(GraphPointer& graph, const std::vector<c10::IValue>& inputs) {
  const bool cuda = std::any_of(inputs.begin(), inputs.end(), [](const c10::IValue& value) {
    return value.isTensor() && value.toTensor().is_cuda();
  });
  cuda || torch::jit::canFuseOnCPU() ? fuse_with_nnc(graph) : fuse_with_onednn(graph);
}

// Fuses the graph of a method for inputs like these. With other shapes, the operators run unfused.
inline void fuse(const GraphPointer& graph, const torch::jit::Method& method, const std::vector<c10::IValue>& inputs,
                 bool only_onednn = false) {
  GraphPointer fused = with_types(graph, method, inputs);
  only_onednn ? fuse_with_onednn(fused) : fuse_with_best(fused, inputs);
  torch::jit::RemoveTensorTypeSpecializations(fused);
  graph->block()->clear();
  graph->block()->cloneFrom(fused->block(), nullptr);
}

} // namespace host_passes

// A module, and the code of one of its methods, which runs as the graph stands. Module::forward would not do:
// LibTorch's executor first erases the types that fusion groups are made for. Several threads may call it.
class PreparedModel {
public:
  PreparedModel(const torch::jit::Module& module, const std::string& method)
      : method_(module.get_method(method)), code_(method_.graph(), method) {}

  c10::IValue forward(const std::vector<c10::IValue>& inputs) const {
    torch::jit::Stack stack = {method_.owner()._ivalue()};
    stack.insert(stack.end(), inputs.begin(), inputs.end());
    method_.function().getSchema().checkAndNormalizeInputs(stack, {});
    torch::jit::InterpreterState(code_).run(stack);
    return stack.front();
  }

private:
  torch::jit::Method method_;
  torch::jit::Code code_;
};
