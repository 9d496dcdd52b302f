// Folds operators into the weights of frozen convolutions and linear layers.
#include "passes/frozen.h"
#include "passes/training_batch_norms.h"

#include <torch/csrc/jit/passes/frozen_conv_folding.h>
#include <torch/csrc/jit/passes/frozen_linear_folding.h>

namespace tsir {

Wanted frozen_conv() {
  return {{"aten::conv1d", "aten::conv2d", "aten::conv3d", "aten::_convolution"}, "convolution", true};
}

Wanted frozen_conv_or_linear() {
  Wanted wanted = frozen_conv();
  wanted.operators.emplace_back("aten::linear");
  wanted.what = "convolution or aten::linear";
  return wanted;
}

bool has_constant_on(const jit::Graph& graph, c10::DeviceType device) {
  return std::ranges::any_of(graph.nodes(), [&](const jit::Node* node) {
    if (node->kind() != c10::prim::Constant || node->outputs().empty()) {
      return false;
    }
    const auto constant = jit::toIValue(node->output());
    return constant && constant->isTensor() && constant->toTensor().device().type() == device;
  });
}

std::string conv_example(const std::string& rest, const std::string& result) {
  return fmt::format(R"(graph(%x : Tensor):
  %none : NoneType = prim::Constant()
  %false : bool = prim::Constant[value=0]()
  %one : int = prim::Constant[value=1]()
  %momentum : float = prim::Constant[value=0.1]()
  %eps : float = prim::Constant[value=1.0000000000000001e-05]()
  %stride : int[] = prim::Constant[value=[1, 1]]()
  %padding : int[] = prim::Constant[value=[0, 0]]()
  %weight_size : int[] = prim::Constant[value=[2, 3, 1, 1]]()
  %channels : int[] = prim::Constant[value=[2]]()
  %weight : Tensor = aten::ones(%weight_size, %none, %none, %none, %none)
  %channel : Tensor = aten::ones(%channels, %none, %none, %none, %none)
  %conv : Tensor = aten::conv2d(%x, %weight, %channel, %stride, %padding, %stride, %one)
  {}
  return ({})
)",
                     rest, result);
}

std::string linear_example(const std::string& rest, const std::string& result) {
  return fmt::format(R"(graph(%x : Tensor):
  %none : NoneType = prim::Constant()
  %false : bool = prim::Constant[value=0]()
  %momentum : float = prim::Constant[value=0.1]()
  %eps : float = prim::Constant[value=1.0000000000000001e-05]()
  %weight_size : int[] = prim::Constant[value=[2, 3]]()
  %channels : int[] = prim::Constant[value=[2]]()
  %weight : Tensor = aten::ones(%weight_size, %none, %none, %none, %none)
  %channel : Tensor = aten::ones(%channels, %none, %none, %none, %none)
  %linear : Tensor = aten::linear(%x, %weight, %channel)
{}{}{}  return ({})
)",
                     rest.empty() ? "" : "  ", rest, rest.empty() ? "" : "\n", result);
}

namespace {

// The fields that the four rows below share.
PassRow folding_row() {
  PassRow row;
  row.needs = {Need::frozen};
  row.changes_numerics = true;
  return row;
}

PassRow fold_frozen_conv_batchnorm() {
  PassRow row = folding_row();
  row.name = "fold-frozen-conv-batchnorm";
  row.function = "torch::jit::FoldFrozenConvBatchnorm";
  row.header = "torch/csrc/jit/passes/frozen_conv_folding.h";
  row.order = "after freeze-module; before the other folds, which it makes possible";
  row.looks_for = "a convolution followed by aten::batch_norm in eval mode, with constant weights";
  row.summary = "Folds batch norm into the convolution before it";
  row.description = "An aten::batch_norm in eval mode directly after a convolution is removed, and the convolution "
                    "gets new weights and a new bias. The parameters of both must be constants, and the convolution's "
                    "output must not have other uses. Transposed convolutions are left alone. LibTorch would also "
                    "fold a batch norm in training mode, which changes results; tsir keeps it from that.";
  row.example = conv_example(
      "%y : Tensor = aten::batch_norm(%conv, %channel, %channel, %channel, %channel, %false, %momentum, %eps, %false)",
      "%y");
  row.run = sparing_training_batch_norms(
      on_graph([](GraphPtr& graph) { jit::FoldFrozenConvBatchnorm(graph); }, frozen_conv()));
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_fold_frozen_conv_bn"});
  return row;
}

PassRow fold_frozen_conv_add_or_sub() {
  PassRow row = folding_row();
  row.name = "fold-frozen-conv-add-or-sub";
  row.function = "torch::jit::FoldFrozenConvAddOrSub";
  row.header = "torch/csrc/jit/passes/frozen_conv_folding.h";
  row.order = "after freeze-module";
  row.looks_for = "a convolution followed by an addition or subtraction of a constant";
  row.summary = "Folds the addition or subtraction of a constant into the bias of the convolution before it";
  row.description = "An aten::add or aten::sub of a constant number, or of a constant tensor with one value per "
                    "channel, directly after a convolution with constant parameters becomes part of the convolution's "
                    "bias. The convolution's output must not have other uses.";
  row.example = conv_example("%y : Tensor = aten::add(%conv, %one, %one)", "%y");
  row.run = on_graph([](GraphPtr& graph) { jit::FoldFrozenConvAddOrSub(graph); }, frozen_conv());
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_fold_frozen_conv_add_or_sub"});
  return row;
}

PassRow fold_frozen_conv_mul_or_div() {
  PassRow row = folding_row();
  row.name = "fold-frozen-conv-mul-or-div";
  row.function = "torch::jit::FoldFrozenConvMulOrDiv";
  row.header = "torch/csrc/jit/passes/frozen_conv_folding.h";
  row.order = "after freeze-module";
  row.looks_for = "a convolution followed by a multiplication or division by a constant";
  row.summary = "Folds a constant factor or divisor into the convolution before it";
  row.description = "An aten::mul or aten::div by a constant number, or by a constant tensor with one value per "
                    "channel, directly after a convolution with constant parameters is folded into the convolution's "
                    "weights and bias. The convolution's output must not have other uses.";
  row.example = conv_example("%y : Tensor = aten::mul(%conv, %momentum)", "%y");
  row.run = on_graph([](GraphPtr& graph) { jit::FoldFrozenConvMulOrDiv(graph); }, frozen_conv());
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_fold_frozen_conv_mul_or_div"});
  return row;
}

PassRow fold_frozen_linear_batchnorm() {
  PassRow row = folding_row();
  row.name = "fold-frozen-linear-batchnorm";
  row.function = "torch::jit::FoldFrozenLinearBatchnorm";
  row.header = "torch/csrc/jit/passes/frozen_linear_folding.h";
  row.order = "after freeze-module";
  row.upstream = {{"pytorch#88448",
                   "gives a layer in reduced precision without a bias a bias in float32, which aten::linear rejects",
                   "must have the same dtype"}};
  row.looks_for = "aten::linear followed by aten::batch_norm in eval mode, with constant weights";
  row.summary = "Folds batch norm into the aten::linear before it";
  row.description = "An aten::batch_norm in eval mode directly after an aten::linear is removed, and the linear layer "
                    "gets new weights and a new bias. The parameters of both must be constants, and the batch norm "
                    "must have running statistics. LibTorch would also fold a batch norm in training mode, which "
                    "changes results; tsir keeps it from that.";
  row.example = linear_example("%y : Tensor = aten::batch_norm(%linear, %channel, %channel, %channel, %channel, "
                               "%false, %momentum, %eps, %false)",
                               "%y");
  row.run = sparing_training_batch_norms(on_graph([](GraphPtr& graph) { jit::FoldFrozenLinearBatchnorm(graph); },
                                                  {{"aten::linear"}, "aten::linear", true}));
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_fold_frozen_linear_bn"});
  return row;
}

} // namespace

void register_frozen_folding(Registry& registry) {
  registry.add(fold_frozen_conv_batchnorm());
  registry.add(fold_frozen_conv_add_or_sub());
  registry.add(fold_frozen_conv_mul_or_div());
  registry.add(fold_frozen_linear_batchnorm());
}

} // namespace tsir
