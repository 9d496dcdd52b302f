// The pass pack-linear, with LibTorch's functions only: `--emit-cpp` copies this file into the header that it writes.
#pragma once

#include "passes/host/types_seen.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include <optional>
#include <vector>

namespace host_passes {

// A product of rows with a constant matrix.
struct ConstantProduct {
  torch::jit::Value* input;
  torch::jit::Value* constant;       // the matrix
  at::Tensor weight;                 // the same as [out, in]
  torch::jit::Value* bias = nullptr; // [out]
  int64_t rows = 0;
};

// A dense float32 tensor on the CPU with this number of dimensions.
inline std::optional<at::Tensor> constant_tensor(const torch::jit::Value* value, int64_t dimensions) {
  const auto constant = torch::jit::toIValue(value);
  if (!constant || !constant->isTensor() || !constant->toTensor().defined()) {
    return std::nullopt;
  }
  const at::Tensor& tensor = constant->toTensor();
  const bool fits = tensor.layout() == at::kStrided && tensor.is_cpu() && tensor.scalar_type() == at::kFloat &&
                    tensor.dim() == dimensions;
  return fits ? std::optional(tensor) : std::nullopt;
}

// The number of rows of a float32 tensor on the CPU, whose sizes are known.
inline std::optional<int64_t> rows_of(const torch::jit::Value* value) {
  const auto type = value->type()->cast<c10::TensorType>();
  const auto sizes = type ? type->sizes().concrete_sizes() : std::nullopt;
  if (!sizes || sizes->size() < 2 || type->scalarType() != at::kFloat || !type->device() || !type->device()->is_cpu()) {
    return std::nullopt;
  }
  int64_t rows = 1;
  for (size_t i = 0; i + 1 < sizes->size(); ++i) {
    rows *= (*sizes)[i];
  }
  return rows;
}

inline bool is_number_one(const torch::jit::Value* value) {
  const auto constant = torch::jit::toIValue(value);
  return constant && constant->isScalar() && constant->toScalar().to<double>() == 1;
}

inline std::optional<ConstantProduct> constant_product(torch::jit::Node* node) {
  const bool linear = node->kind() == c10::aten::linear;
  const bool addmm = node->kind() == c10::aten::addmm && is_number_one(node->input(3)) && is_number_one(node->input(4));
  if (!linear && !addmm && node->kind() != c10::aten::matmul) {
    return std::nullopt;
  }
  torch::jit::Value* input = node->input(addmm ? 1 : 0);
  const auto weight = constant_tensor(node->input(addmm ? 2 : 1), 2);
  const auto rows = rows_of(input);
  torch::jit::Value* bias = linear ? node->input(2) : addmm ? node->input(0) : nullptr;
  const bool has_bias = bias != nullptr && bias->type()->kind() != c10::TypeKind::NoneType;
  if (!weight || !rows || *rows == 0 || weight->numel() == 0 || (has_bias && !constant_tensor(bias, 1)) ||
      (addmm && constant_tensor(bias, 1)->size(0) != weight->size(1))) {
    return std::nullopt;
  }
  return ConstantProduct{input, node->input(addmm ? 2 : 1), linear ? *weight : weight->t(), has_bias ? bias : nullptr,
                         *rows};
}

// MKL's own layout of the weight, for products with this number of rows.
inline at::Tensor packed_weight(const at::Tensor& weight, int64_t rows) {
  const auto pack = c10::Dispatcher::singleton().findSchemaOrThrow("mkl::_mkl_reorder_linear_weight", "");
  torch::jit::Stack stack = {weight, rows};
  pack.callBoxed(&stack);
  return stack.front().toTensor();
}

// A constant without a storage, which prim::Constant cannot hold.
inline torch::jit::Value* insert_opaque(torch::jit::Graph& graph, const at::Tensor& tensor) {
  torch::jit::Node* node = graph.insertNode(graph.create(c10::prim::ConstantMKLDNNTensor));
  node->t_(c10::attr::value, tensor);
  node->output()->setType(c10::TensorType::get());
  return node->output();
}

inline void add_products(torch::jit::Block* block, std::vector<torch::jit::Node*>& found) {
  for (torch::jit::Node* node : block->nodes()) {
    for (torch::jit::Block* inner : node->blocks()) {
      add_products(inner, found);
    }
    if (constant_product(node)) {
      found.push_back(node);
    }
  }
}

// In a graph with the types that a run saw. Returns the number of products. With other numbers of rows, LibTorch's
// operator computes with the weight as it was.
inline size_t pack_products(torch::jit::Graph& graph) {
  std::vector<torch::jit::Node*> products;
  add_products(graph.block(), products);
  for (torch::jit::Node* node : products) {
    const ConstantProduct product = *constant_product(node); // only now: its input may be a product that was replaced
    const at::Tensor weight = product.weight.contiguous();
    const torch::jit::WithInsertPoint before(node);
    const bool as_it_was = weight.is_same(torch::jit::toIValue(product.constant)->toTensor());
    torch::jit::Value* kept = as_it_was ? product.constant : graph.insertConstant(weight);
    torch::jit::Value* bias = product.bias != nullptr ? product.bias : graph.insertConstant(c10::IValue());
    torch::jit::Node* packed = graph.create(c10::Symbol::fromQualString("mkl::_mkl_linear"),
                                            {product.input, insert_opaque(graph, packed_weight(weight, product.rows)),
                                             kept, bias, graph.insertConstant(product.rows)});
    packed->insertBefore(node);
    packed->copyMetadata(node);
    packed->output()->setType(node->output()->type());
    node->output()->replaceAllUsesWith(packed->output());
    node->destroy();
    if (!product.constant->hasUses()) {
      product.constant->node()->destroy();
    }
  }
  return products.size();
}

// Packs the weights of a method for inputs like these.
inline void pack_linear(const GraphPointer& graph, const torch::jit::Method& method,
                        const std::vector<c10::IValue>& inputs) {
  GraphPointer packed = with_types(graph, method, inputs);
  if (pack_products(*packed) > 0) {
    replace_without_types(graph, packed);
  }
}

} // namespace host_passes
