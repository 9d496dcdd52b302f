// The pass dynamic-int8, with LibTorch's functions only: `--emit-cpp` copies this file into the header that it writes.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <memory>
#include <string>
#include <vector>

namespace host_passes {

inline c10::IValue call_operator(const char* name, std::vector<c10::IValue> arguments) {
  c10::Dispatcher::singleton().findSchemaOrThrow(name, "").callBoxed(&arguments);
  return arguments.back();
}

// A constant weight in int8, with a scale for each row, and its bias, packed for the processor's kernels.
inline c10::IValue packed_int8(const at::Tensor& weight, const c10::IValue& bias) {
  const at::Tensor rows = weight.detach().to(at::kFloat).contiguous();
  const at::Tensor scales = (rows.abs().amax(1).to(at::kDouble) / 127.0).clamp_min(1e-9);
  const at::Tensor zeros = at::zeros({rows.size(0)}, at::kLong);
  return call_operator("quantized::linear_prepack",
                       {at::quantize_per_channel(rows, scales, zeros, 0, at::kQInt8), bias});
}

inline bool is_float_matrix(const std::optional<c10::IValue>& value) {
  return value && value->isTensor() && value->toTensor().scalar_type() == at::kFloat && value->toTensor().dim() == 2 &&
         value->toTensor().is_cpu() && !value->toTensor().is_mkldnn();
}

inline void add_nodes_of(torch::jit::Block* block, std::vector<torch::jit::Node*>& linear,
                         std::vector<torch::jit::Node*>& lstm) {
  for (torch::jit::Node* node : block->nodes()) {
    for (torch::jit::Block* inner : node->blocks()) {
      add_nodes_of(inner, linear, lstm);
    }
    if (node->kind() == c10::aten::linear) {
      linear.push_back(node);
    } else if (node->kind() == c10::aten::lstm && node->inputs().size() == 9 &&
               node->input(1)->type()->kind() == c10::TypeKind::ListType) { // else it takes a packed sequence
      lstm.push_back(node);
    }
  }
}

// Adds the value as an attribute of the module, and reads it at the beginning of the graph.
inline torch::jit::Value* attribute_of(torch::jit::Module& module, torch::jit::Graph& graph, const c10::TypePtr& type,
                                       const c10::IValue& value) {
  size_t number = 0;
  while (module.hasattr("int8_" + std::to_string(number))) {
    ++number;
  }
  const std::string name = "int8_" + std::to_string(number);
  module.register_attribute(name, type, value);
  const torch::jit::WithInsertPoint start(*graph.nodes().begin());
  return graph.insertGetAttr(graph.inputs()[0], name);
}

inline bool quantize_linear(torch::jit::Module& module, torch::jit::Graph& graph, torch::jit::Node* node) {
  const auto weight = torch::jit::toIValue(node->input(1));
  const auto bias = torch::jit::toIValue(node->input(2));
  if (!is_float_matrix(weight) || !bias) {
    return false;
  }
  const c10::IValue packed = packed_int8(weight->toTensor(), *bias);
  torch::jit::Value* attribute = attribute_of(module, graph, packed.type(), packed);
  const torch::jit::WithInsertPoint before(node);
  torch::jit::Value* result = graph.insert(c10::Symbol::fromQualString("quantized::linear_dynamic"),
                                           {node->input(0), attribute, torch::jit::NamedValue(true)});
  node->output()->replaceAllUsesWith(result);
  node->destroy();
  return true;
}

// aten::lstm(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first) with two weights
// and two biases for each layer and direction.
inline bool quantize_lstm(torch::jit::Module& module, torch::jit::Graph& graph, torch::jit::Node* node) {
  const auto has_biases = torch::jit::toIValue(node->input(3));
  const auto train = torch::jit::toIValue(node->input(6));
  torch::jit::Node* list = node->input(2)->node();
  const auto constant = torch::jit::toIValue(node->input(2));
  std::vector<c10::IValue> params;
  if (constant && constant->isTensorList()) {
    for (const at::Tensor& param : constant->toTensorVector()) {
      params.emplace_back(param);
    }
  } else if (list->kind() == c10::prim::ListConstruct) {
    for (torch::jit::Value* param : list->inputs()) {
      params.push_back(torch::jit::toIValue(param).value_or(c10::IValue()));
    }
  }
  if (!has_biases || !has_biases->toBool() || !train || train->toBool() || params.empty() || params.size() % 4 != 0) {
    return false;
  }
  for (size_t i = 0; i < params.size(); i += 4) {
    if (!is_float_matrix(params[i]) || !is_float_matrix(params[i + 1]) || !params[i + 2].isTensor() ||
        !params[i + 3].isTensor()) {
      return false;
    }
  }
  std::vector<c10::IValue> cells;
  for (size_t i = 0; i < params.size(); i += 4) {
    cells.push_back(call_operator("quantized::make_quantized_cell_params_dynamic",
                                  {packed_int8(params[i].toTensor(), params[i + 2]),
                                   packed_int8(params[i + 1].toTensor(), params[i + 3]), params[i + 2], params[i + 3],
                                   c10::IValue(true)}));
  }
  c10::impl::GenericList packed(cells.front().type());
  for (const c10::IValue& cell : cells) {
    packed.push_back(cell);
  }
  torch::jit::Value* attribute = attribute_of(module, graph, c10::ListType::create(cells.front().type()), packed);
  const torch::jit::WithInsertPoint before(node);
  torch::jit::Node* quantized = graph.create(c10::Symbol::fromQualString("aten::quantized_lstm"), 3);
  for (size_t i = 0; i < 9; ++i) {
    quantized->addInput(i == 2 ? attribute : node->input(i));
  }
  quantized->addInput(graph.insertConstant(static_cast<int64_t>(at::kQInt8)));
  quantized->addInput(graph.insertConstant(true));
  graph.insertNode(quantized);
  for (size_t i = 0; i < 3; ++i) {
    quantized->output(i)->setType(node->output(i)->type());
    node->output(i)->replaceAllUsesWith(quantized->output(i));
  }
  node->destroy();
  return true;
}

// Linear and LSTM layers with constant weights in float32 compute in int8: weights are quantized now, activations when
// the graph runs. Returns the number of layers.
inline size_t to_dynamic_int8(torch::jit::Module& module, const std::shared_ptr<torch::jit::Graph>& graph) {
  std::vector<torch::jit::Node*> linear;
  std::vector<torch::jit::Node*> lstm;
  add_nodes_of(graph->block(), linear, lstm);
  size_t count = 0;
  for (torch::jit::Node* node : linear) {
    count += quantize_linear(module, *graph, node) ? 1 : 0;
  }
  for (torch::jit::Node* node : lstm) {
    count += quantize_lstm(module, *graph, node) ? 1 : 0;
  }
  torch::jit::EliminateDeadCode(graph);
  return count;
}

} // namespace host_passes
