// The pass to-channels-last, with LibTorch's functions only: `--emit-cpp` copies this file into the header that it
// writes.
#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace host_passes {

// Convolutions whose constant weights have four dimensions.
inline void add_convolutions(torch::jit::Block* block, std::vector<torch::jit::Node*>& found) {
  for (torch::jit::Node* node : block->nodes()) {
    for (torch::jit::Block* inner : node->blocks()) {
      add_convolutions(inner, found);
    }
    const bool convolution = node->kind() == c10::aten::conv2d || node->kind() == c10::aten::_convolution ||
                             node->kind() == c10::aten::conv_transpose2d;
    const auto weight = convolution ? torch::jit::toIValue(node->input(1)) : std::nullopt;
    if (weight && weight->isTensor() && weight->toTensor().dim() == 4 && !weight->toTensor().is_mkldnn() &&
        !weight->toTensor().is_quantized()) {
      found.push_back(node);
    }
  }
}

inline void add_nodes(torch::jit::Block* block, c10::Symbol kind, std::vector<torch::jit::Node*>& found) {
  for (torch::jit::Node* node : block->nodes()) {
    for (torch::jit::Block* inner : node->blocks()) {
      add_nodes(inner, kind, found);
    }
    if (node->kind() == kind) {
      found.push_back(node);
    }
  }
}

inline torch::jit::Value* in_format(torch::jit::Value* value, at::MemoryFormat format) {
  torch::jit::Graph* graph = value->owningGraph();
  return graph->insert(c10::aten::contiguous, {value},
                       {torch::jit::NamedValue("memory_format", static_cast<int>(format))});
}

// Converts weights of convolutions, the inputs of the graph that they read, and back the tensors that the graph
// returns. Views become reshapes, because a tensor in this format has no view of other sizes. Returns the number of
// convolutions.
inline size_t to_channels_last(const std::shared_ptr<torch::jit::Graph>& graph) {
  std::vector<torch::jit::Node*> convolutions;
  add_convolutions(graph->block(), convolutions);
  if (convolutions.empty()) {
    return 0;
  }
  std::unordered_map<torch::jit::Value*, torch::jit::Value*> converted;
  for (torch::jit::Node* node : convolutions) {
    torch::jit::Value*& weight = converted[node->input(1)];
    if (weight == nullptr) {
      const torch::jit::WithInsertPoint start(*graph->nodes().begin());
      weight =
          graph->insertConstant(torch::jit::toIValue(node->input(1))->toTensor().clone(at::MemoryFormat::ChannelsLast));
    }
    node->replaceInput(1, weight);
    torch::jit::Value*& input = converted[node->input(0)];
    if (input == nullptr && node->input(0)->node()->kind() == c10::prim::Param &&
        node->owningBlock() == graph->block()) {
      const torch::jit::WithInsertPoint before(node);
      input = in_format(node->input(0), at::MemoryFormat::ChannelsLast);
    }
    if (input != nullptr && node->owningBlock() == graph->block()) {
      node->replaceInput(0, input);
    }
  }
  std::vector<torch::jit::Node*> views;
  add_nodes(graph->block(), c10::aten::view, views);
  for (torch::jit::Node* view : views) {
    if (view->input(1)->type()->kind() == c10::TypeKind::ListType) { // else it changes the dtype
      const torch::jit::WithInsertPoint before(view);
      torch::jit::Value* reshaped = graph->insert(c10::aten::reshape, {view->input(0), view->input(1)});
      reshaped->setType(view->output()->type());
      view->output()->replaceAllUsesWith(reshaped);
      view->destroy();
    }
  }
  // The tensors that are returned, also within a tuple or list.
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
        const torch::jit::WithInsertPoint before(holder);
        holder->replaceInput(input, in_format(value, at::MemoryFormat::Contiguous));
      }
    }
  }
  return convolutions.size();
}

} // namespace host_passes
