// The pass fuse, with LibTorch's functions only: `--emit-cpp` copies this file into the header that it writes.
#pragma once

#include "passes/host/onednn_layouts.h"
#include "passes/host/onednn_prepare.h"
#include "passes/host/types_seen.h"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/interpreter.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Their headers are not in every package of LibTorch.
namespace torch::jit {
bool canFuseOnCPU();
namespace fuser::onednn {
void fuseGraph(std::shared_ptr<Graph>& graph);
} // namespace fuser::onednn
} // namespace torch::jit

namespace host_passes {

// LibTorch's oneDNN Graph fuser on a graph that prepare_for_onednn() has prepared.
inline void run_onednn_fuser(GraphPointer& graph) {
  const GraphPointer prepared = graph->copy();
  try {
    torch::jit::fuser::onednn::fuseGraph(graph);
  } catch (const std::out_of_range&) {
    graph = prepared;
    onednn::fuse_with_lifted_constants(graph, &torch::jit::fuser::onednn::fuseGraph);
  }
}

// oneDNN Graph, which fuses for CPUs.
inline void fuse_with_onednn(GraphPointer& graph) {
  onednn::prepare_for_onednn(graph);
  run_onednn_fuser(graph);
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
  replace_without_types(graph, fused);
}

} // namespace host_passes

// A module, and the code of one of its methods, which runs as the graph stands. Module::forward would not do:
// LibTorch's executor first erases the types that fusion groups are made for. Several threads may call it.
class PreparedModel {
public:
  PreparedModel(const torch::jit::Module& module, const std::string& method)
      : method_(module.get_method(method)), self_(module._ivalue()), code_(method_.graph(), method) {}

  c10::IValue forward(const std::vector<c10::IValue>& inputs) const {
    torch::jit::Stack stack;
    stack.reserve(inputs.size() + 1);
    stack.push_back(self_);
    stack.insert(stack.end(), inputs.begin(), inputs.end());
    method_.function().getSchema().checkAndNormalizeInputs(stack, {});
    torch::jit::InterpreterState(code_).run(stack);
    return std::move(stack.front());
  }

private:
  torch::jit::Method method_;
  c10::IValue self_; // kept, because Method::owner() makes a module at each call
  torch::jit::Code code_;
};
