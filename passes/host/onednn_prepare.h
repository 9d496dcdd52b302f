// Works around graphs on which LibTorch's oneDNN Graph fuser throws, or for which it leaves a graph that throws or
// computes something else. Everything here keeps the meaning of the graph. Seen with LibTorch 2.13 and 2.14.
// `--emit-cpp` copies this file into the header that it writes.
#pragma once

#include "passes/host/onednn_overflow.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/remove_mutation.h>
#include <torch/csrc/jit/passes/utils/subgraph_utils.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace host_passes::onednn {

// The operator's name without the underscore of in-place forms, because the fuser makes these functional first.
inline std::string base_name(const jit::Node& node) {
  std::string name = node.kind().toQualString();
  if (name.ends_with('_')) {
    name.pop_back();
  }
  return name;
}

inline bool has_tensor_first(const jit::Node& node) {
  return !node.inputs().empty() && node.input(0)->type()->isSubtypeOf(*c10::TensorType::get());
}

inline bool is_arithmetic(const jit::Node& node) {
  const std::string name = base_name(node);
  return (name == "aten::add" || name == "aten::mul" || name == "aten::div") && node.inputs().size() >= 2 &&
         has_tensor_first(node);
}

// Operators that the fuser assumes to work on tensors. Some operators of these names work on numbers.
inline bool is_elementwise(const jit::Node& node) {
  static const std::unordered_set<std::string> names{"aten::tanh", "aten::sqrt", "aten::exp",
                                                     "aten::abs",  "aten::log",  "aten::round"};
  return names.contains(base_name(node));
}

// Operators whose parameters the fuser reads without checking that they are constants.
inline bool has_read_parameters(const jit::Node& node) {
  static const std::unordered_set<std::string> names{"aten::conv2d",      "aten::_convolution",
                                                     "aten::convolution", "aten::batch_norm",
                                                     "aten::layer_norm",  "aten::elu",
                                                     "aten::clamp",       "aten::hardtanh",
                                                     "aten::leaky_relu",  "aten::softmax",
                                                     "aten::_softmax",    "aten::_log_softmax",
                                                     "aten::max_pool2d",  "aten::max_pool2d_with_indices",
                                                     "aten::avg_pool2d",  "aten::permute"};
  return names.contains(base_name(node));
}

inline void for_each_node(jit::Block& block, const std::function<void(jit::Node&)>& visit) {
  for (auto it = block.nodes().begin(); it != block.nodes().end();) {
    jit::Node* node = *it++; // `visit` may replace the node
    for (jit::Block* inner : node->blocks()) {
      for_each_node(*inner, visit);
    }
    visit(*node);
  }
}

inline bool is_float(const jit::Value& value) {
  const auto type = value.type()->cast<c10::TensorType>();
  const auto dtype = type ? type->scalarType() : std::nullopt;
  return dtype == c10::kFloat || dtype == c10::kBFloat16;
}

// --- zero-dimensional constants ---

// The dtype in which a constant is combined with `other`, if that is the dtype of `other`.
inline std::optional<c10::ScalarType> dtype_beside(const at::Tensor& constant, const jit::Value& other) {
  const auto type = other.type()->cast<c10::TensorType>();
  if (!type || !type->scalarType() || !type->dim() || *type->dim() == 0) {
    return std::nullopt;
  }
  const bool follows = at::result_type(at::empty({1}, *type->scalarType()), constant) == *type->scalarType();
  return follows ? type->scalarType() : std::nullopt;
}

inline void convert_zero_dim_constant(jit::Node& node, size_t index) {
  const auto constant = jit::toIValue(node.input(index));
  if (!constant || !constant->isTensor() || !constant->toTensor().defined() || constant->toTensor().dim() != 0) {
    return;
  }
  if (const auto dtype = dtype_beside(constant->toTensor(), *node.input(1 - index))) {
    const jit::WithInsertPoint before(&node);
    node.replaceInput(index, node.owningGraph()->insertConstant(constant->toTensor().to(*dtype).reshape({1})));
  }
}

// --- factors of aten::addmm ---

// Integers among the factors beta and alpha become floats, which they are converted to anyway.
inline void convert_addmm_factors(jit::Node& node) {
  if (node.kind() != c10::aten::addmm || node.inputs().size() != 5) {
    return;
  }
  for (size_t i = 3; i < 5; ++i) {
    const auto factor = jit::toIValue(node.input(i));
    if (factor && factor->isInt() && is_float(*node.input(1))) {
      const jit::WithInsertPoint before(&node);
      node.replaceInput(i, node.owningGraph()->insertConstant(static_cast<double>(factor->toInt())));
    }
  }
}

// --- strides of poolings ---

inline void write_pool_stride(jit::Node& node) {
  const std::string_view kind = node.kind().toQualString();
  if (kind != "aten::max_pool2d" && kind != "aten::max_pool2d_with_indices" && kind != "aten::avg_pool2d") {
    return;
  }
  const auto stride = jit::toIValue(node.input(2));
  if (stride && stride->isIntList() && stride->toIntList().empty()) {
    node.replaceInput(2, node.input(1));
  }
}

// --- types ---

// An in-place operator returns its first input, but if its result is unused, the profile has no type for the result.
inline void type_in_place_result(jit::Node& node) {
  const bool in_place = std::string_view(node.kind().toQualString()).ends_with('_') && node.outputs().size() == 1;
  if (!in_place || !has_tensor_first(node)) {
    return;
  }
  const auto type = node.output()->type()->cast<c10::TensorType>();
  if (type && !type->scalarType()) {
    node.output()->setType(node.input(0)->type());
  }
}

// --- nodes that the fuser must not see ---

inline bool is_zero_dim(const jit::Value& value) {
  const auto type = value.type()->cast<c10::TensorType>();
  return type && type->dim() && *type->dim() == 0;
}

inline bool is_safe_arithmetic(const jit::Node& node) {
  const auto sides = node.inputs().slice(0, 2);
  return std::ranges::all_of(sides, [](const jit::Value* side) {
    return !side->type()->isSubtypeOf(*c10::TensorType::get()) || (is_float(*side) && !is_zero_dim(*side));
  });
}

inline bool has_constant_parameters(const jit::Node& node) {
  return std::ranges::all_of(node.inputs(), [](const jit::Value* input) {
    const auto& type = input->type();
    return input->node()->kind() == c10::prim::Constant || type->kind() == c10::TypeKind::TensorType ||
           type->kind() == c10::TypeKind::OptionalType || type->kind() == c10::TypeKind::NoneType;
  });
}

inline bool is_mixed_cat(const jit::Node& node) {
  if (node.kind() != c10::aten::cat || node.input(0)->node()->kind() != c10::prim::ListConstruct) {
    return false;
  }
  return !std::ranges::all_of(node.input(0)->node()->inputs(), [](const jit::Value* part) { return is_float(*part); });
}

// `2 * 1` or `[x] * 1`: the fuser replaces the result by an argument called self, which only tensors' operators have.
inline bool is_identity_without_tensor(const jit::Node& node) {
  const std::string_view kind = node.kind().toQualString();
  return (kind == "aten::add" || kind == "aten::mul") && !has_tensor_first(node) && node.inputs().size() > 1 &&
         node.input(1)->node()->kind() == c10::prim::Constant;
}

// The fuser asks every user of the tensor for its schema, which some kinds of nodes, such as prim::ListConstruct, do
// not have.
inline bool is_size_beside_unknown(const jit::Node& node) {
  return node.kind() == c10::aten::size && node.inputs().size() == 1 &&
         std::ranges::any_of(node.input(0)->uses(),
                             [](const jit::Use& use) { return use.user->maybeSchema() == nullptr; });
}

inline bool must_stay_out(const jit::Node& node) {
  // Inside a group it would not count as a write, and dead code elimination would remove it. (A number combined with an
  // integer tensor must be an integer here, so rounding does no harm.)
  if ((node.maybeSchema() != nullptr && node.maybeSchema()->is_mutable())) {
    return false;
  }
  return (is_elementwise(node) && !has_tensor_first(node)) || is_mixed_cat(node) ||
         (is_arithmetic(node) && !is_safe_arithmetic(node)) ||
         (has_read_parameters(node) && !has_constant_parameters(node)) || is_identity_without_tensor(node) ||
         is_size_beside_unknown(node) || adds_to_long_row(node);
}

// The in-place operators that the fuser makes functional.
inline bool is_made_functional(jit::Node* node) {
  static const std::unordered_set<std::string> names{
      "aten::add_",     "aten::mul_",  "aten::tanh_", "aten::elu_",    "aten::relu_",     "aten::relu6_",
      "aten::gelu_",    "aten::sqrt_", "aten::abs_",  "aten::square_", "aten::pow_",      "aten::leaky_relu_",
      "aten::sigmoid_", "aten::exp_",  "aten::silu_", "aten::round_",  "aten::hardtanh_", "aten::hardswish_"};
  return names.contains(node->kind().toQualString());
}

inline bool is_tensor_constant(const jit::Value& value) {
  return value.node()->kind() == c10::prim::Constant && value.type()->isSubtypeOf(*c10::TensorType::get());
}

// To be called on a profiled graph before the fuser:
// - In-place operators and lists become functional where they can, as the fuser would do, so that the rest sees them.
// - The fuser promotes both operands of add, mul and div by their dtypes alone, while PyTorch lets a zero-dimensional
//   tensor follow the other operand (float32 / tensor(8., float64) became float64). oneDNN also does not compile a
//   partition that such a tensor enters. Constants of that kind get one element and the other operand's dtype.
// - The fuser throws on an aten::addmm whose factors are integers: they become floats.
// - The fuser refuses a pooling with stride [], which stands for the kernel's size: the size is written out.
// - Unused results of in-place operators have no type in the profile, but the fuser uses their types: they get one.
// - Numbers combined with an integer tensor are rounded to integers. The fuser throws on an operand of unknown dtype,
//   and if a parameter is not a constant, a concatenation mixes dtypes, or aten::sqrt is applied to numbers. It takes
//   the first argument of every addition of 0 for a tensor, and expects all users of a tensor whose size is taken to
//   have a schema. Such nodes
//   become prim::FallbackGraph groups of one node, which no pass looks into; inline_fallbacks() inlines them again.
inline void prepare_for_onednn(const std::shared_ptr<jit::Graph>& graph) {
  jit::RemoveTensorMutation(graph, is_made_functional);
  jit::RemoveListMutation(graph);
  for_each_node(*graph->block(), [](jit::Node& node) {
    write_pool_stride(node);
    convert_addmm_factors(node);
    type_in_place_result(node);
    if (is_arithmetic(node)) {
      convert_zero_dim_constant(node, 0);
      convert_zero_dim_constant(node, 1);
    }
  });
  for_each_node(*graph->block(), [](jit::Node& node) {
    if (must_stay_out(node)) {
      jit::SubgraphUtils::createSingletonSubgraph(&node, c10::prim::FallbackGraph);
    }
  });
}

// Calls `fuse` with tensor constants that are operands of add, mul and div lifted to inputs of the graph. oneDNN's
// pattern matcher throws if one of these takes a value from a node without inputs, as constants are.
inline void fuse_with_lifted_constants(std::shared_ptr<jit::Graph>& graph,
                                       const std::function<void(std::shared_ptr<jit::Graph>&)>& fuse) {
  const size_t own_inputs = graph->inputs().size();
  std::vector<at::Tensor> lifted;
  for_each_node(*graph->block(), [&](jit::Node& node) {
    for (size_t i = 0; is_arithmetic(node) && i < 2; ++i) {
      if (is_tensor_constant(*node.input(i))) {
        lifted.push_back(jit::toIValue(node.input(i))->toTensor());
        jit::Value* input = graph->addInput();
        input->setType(c10::TensorType::create(lifted.back()));
        node.replaceInput(i, input);
      }
    }
  });
  fuse(graph);
  const jit::WithInsertPoint top(*graph->nodes().begin());
  for (size_t i = 0; i < lifted.size(); ++i) {
    graph->inputs()[own_inputs + i]->replaceAllUsesWith(graph->insertConstant(lifted[i]));
  }
  while (graph->inputs().size() > own_inputs) {
    graph->eraseInput(graph->inputs().size() - 1);
  }
}

// Replaces every prim::FallbackGraph by its operators. That node throws when it is run, because only LibTorch's own
// executor knows how to replace it.
inline void inline_fallbacks(jit::Block& block) {
  for_each_node(block, [](jit::Node& node) {
    if (node.kind() == c10::prim::FallbackGraph) {
      jit::SubgraphUtils::unmergeSubgraph(&node);
    }
  });
}

} // namespace host_passes::onednn
