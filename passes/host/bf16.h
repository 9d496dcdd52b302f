// The pass bf16, with LibTorch's functions only: `--emit-cpp` copies this file into the header that it writes.
#pragma once

#include <ATen/autocast_mode.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/autocast.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <memory>
#include <vector>

namespace host_passes {

// Products and convolutions compute in bfloat16, as under torch.autocast on a CPU; weights that are constants are
// converted now. Tensors that the graph returns become float32 again, if they were computed in bfloat16.
inline void to_bf16(std::shared_ptr<torch::jit::Graph>& graph) {
  const bool pass_before = torch::jit::setAutocastMode(true);
  const bool before = at::autocast::is_autocast_enabled(at::kCPU);
  const at::ScalarType dtype_before = at::autocast::get_autocast_dtype(at::kCPU);
  at::autocast::set_autocast_enabled(at::kCPU, true);
  at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
  torch::jit::Autocast(graph);
  at::autocast::set_autocast_dtype(at::kCPU, dtype_before);
  at::autocast::set_autocast_enabled(at::kCPU, before);
  torch::jit::setAutocastMode(pass_before);
  std::vector<torch::jit::Node*> holders = {graph->return_node()};
  for (size_t i = 0; i < holders.size(); ++i) {
    torch::jit::Node* holder = holders[i];
    for (size_t input = 0; input < holder->inputs().size(); ++input) {
      torch::jit::Value* value = holder->input(input);
      const auto kind = value->node()->kind();
      if ((kind == c10::prim::TupleConstruct || kind == c10::prim::ListConstruct) && value->uses().size() == 1) {
        holders.push_back(value->node());
      } else if (value->type()->kind() == c10::TypeKind::TensorType && kind != c10::prim::Param &&
                 kind != c10::prim::Constant) {
        const torch::jit::WithInsertPoint at(holder);
        torch::jit::Value* full = graph->insert(c10::aten::_autocast_to_full_precision,
                                                {value, torch::jit::NamedValue(false), torch::jit::NamedValue(true)});
        holder->replaceInput(input, full);
      }
    }
  }
  torch::jit::ConstantPropagation(graph);
  torch::jit::EliminateDeadCode(graph);
}

} // namespace host_passes
