// Passes on frozen graphs, whose weights are constants.
#include "passes/frozen.h"
#include "passes/all.h"
#include "passes/training_batch_norms.h"

#include <torch/csrc/jit/passes/frozen_concat_linear.h>
#include <torch/csrc/jit/passes/frozen_conv_add_relu_fusion.h>
#include <torch/csrc/jit/passes/frozen_graph_optimizations.h>
#include <torch/csrc/jit/passes/frozen_linear_transpose.h>
#include <torch/csrc/jit/passes/frozen_ops_to_mkldnn.h>
#include <torch/csrc/jit/passes/remove_dropout.h>

namespace tsir {
namespace {

PassRow optimize_frozen_graph() {
  PassRow row;
  row.name = "optimize-frozen-graph";
  row.function = "torch::jit::OptimizeFrozenGraph";
  row.header = "torch/csrc/jit/passes/frozen_graph_optimizations.h";
  row.options = {{"optimize-numerics", true, "also apply the folds that may change results by rounding", {}}};
  row.needs = {Need::frozen};
  row.changes_numerics = true;
  row.order = "after freeze-module";
  row.looks_for = "dropout, and a convolution or aten::linear followed by operators that fold into its weights";
  row.summary = "Removes dropout and folds batch norm, additions and factors into weights";
  row.description = "Runs remove-dropout and frozen-concat-linear. With optimize-numerics=true it then repeats "
                    "fold-frozen-conv-batchnorm, fold-frozen-conv-add-or-sub, fold-frozen-conv-mul-or-div and "
                    "fold-frozen-linear-batchnorm until none of them changes anything. torch.jit.freeze runs this pass "
                    "after freezing (preset python-freeze). Batch norms in training mode are left alone, as in the "
                    "single passes.";
  row.example = conv_example("%y : Tensor = aten::batch_norm(%conv, %channel, %channel, %channel, %channel, %false, "
                             "%momentum, %eps, %false)\n  %z : Tensor = aten::dropout(%y, %momentum, %false)",
                             "%z");
  row.run = sparing_training_batch_norms(
      on_graph([](GraphPtr& graph,
                  const PassOptions& options) { jit::OptimizeFrozenGraph(graph, options.flag("optimize-numerics")); },
               frozen_conv_or_linear()));
  row.host = one_call(row.function, row.header, {"optimize-numerics"},
                      {"_jit_pass_optimize_frozen_graph", {"optimize-numerics"}});
  return row;
}

PassRow remove_dropout() {
  PassRow row;
  row.name = "remove-dropout";
  row.function = "torch::jit::removeDropout";
  row.header = "torch/csrc/jit/passes/remove_dropout.h";
  row.order = "after freeze-module, which makes \"training\" a constant";
  row.looks_for = "aten::dropout that is not in training mode";
  row.summary = "Removes dropout that has no effect";
  row.description =
      "Removes aten::dropout, aten::feature_dropout and their in-place forms if their train argument is the constant "
      "false. In a module that is not frozen that argument is an attribute, and nothing is removed.";
  row.example = R"(graph(%x : Tensor):
  %p : float = prim::Constant[value=0.5]()
  %train : bool = prim::Constant[value=0]()
  %y : Tensor = aten::dropout(%x, %p, %train)
  %z : Tensor = aten::relu(%y)
  return (%z)
)";
  row.run =
      on_graph([](GraphPtr& graph) { jit::removeDropout(graph); },
               {{"aten::dropout", "aten::dropout_", "aten::feature_dropout", "aten::feature_dropout_"}, "dropout"});
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_remove_dropout", {}, "module._c"});
  return row;
}

PassRow frozen_concat_linear() {
  PassRow row;
  row.name = "frozen-concat-linear";
  row.function = "torch::jit::FrozenConcatLinear";
  row.header = "torch/csrc/jit/passes/frozen_concat_linear.h";
  row.needs = {Need::frozen, Need::cuda};
  row.changes_numerics = true;
  row.order = "after freeze-module";
  row.looks_for = "two or more aten::linear of the same input, with constant CUDA weights";
  row.summary = "Merges several aten::linear of one input into one (CUDA weights only)";
  row.description = "aten::linear nodes that share their input, have a bias, and have weights that agree in all but "
                    "the first dimension become one aten::linear with concatenated weights, whose output is sliced. "
                    "LibTorch does this only for weights on a CUDA device.";
  row.example = R"(graph(%x : Tensor):
  %none : NoneType = prim::Constant()
  %sizes : int[] = prim::Constant[value=[4, 3]]()
  %four : int[] = prim::Constant[value=[4]]()
  %device : Device = prim::Constant[value="cuda:0"]()
  %weight : Tensor = aten::ones(%sizes, %none, %none, %device, %none)
  %bias : Tensor = aten::ones(%four, %none, %none, %device, %none)
  %q : Tensor = aten::linear(%x, %weight, %bias)
  %k : Tensor = aten::linear(%x, %weight, %bias)
  %product : Tensor = aten::mul(%q, %k)
  return (%product)
)";
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::FrozenConcatLinear(graph); },
                             {{"aten::linear"}, "aten::linear", true})](Unit& unit, const PassContext& context) {
    const std::string note = pass(unit, context).note;
    return has_constant_on(*unit.graph(), c10::kCUDA)
               ? note
               : "found no weights on a CUDA device: LibTorch concatenates only those";
  };
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_concat_frozen_linear"});
  return row;
}

PassRow frozen_linear_transpose() {
  PassRow row;
  row.name = "frozen-linear-transpose";
  row.function = "torch::jit::FrozenLinearTranspose";
  row.header = "torch/csrc/jit/passes/frozen_linear_transpose.h";
  row.needs = {Need::frozen};
  row.changes_numerics = true;
  row.idempotent = false;
  row.order = "after freeze-module, and after fold-frozen-linear-batchnorm, which looks for aten::linear";
  row.looks_for = "aten::linear with constant float32 weights";
  row.summary = "Transposes the weights of aten::linear ahead of time";
  row.description =
      "An aten::linear with constant weight and bias becomes an aten::matmul with the weight transposed in memory, and "
      "an aten::add of the bias. This can be faster if few rows are multiplied at a time: measure it.";
  row.example = linear_example("", "%linear");
  row.run =
      on_graph([](GraphPtr& graph) { jit::FrozenLinearTranspose(graph); }, {{"aten::linear"}, "aten::linear", true});
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_transpose_frozen_linear"});
  return row;
}

PassRow convert_frozen_ops_to_mkldnn() {
  PassRow row;
  row.name = "convert-frozen-ops-to-mkldnn";
  row.function = "torch::jit::ConvertFrozenOpsToMKLDNN";
  row.header = "torch/csrc/jit/passes/frozen_ops_to_mkldnn.h";
  row.needs = {Need::frozen, Need::mkldnn};
  row.changes_numerics = true;
  row.savable = false;
  row.order = "after freeze-module and the folds; last, because no other pass knows its layout";
  row.looks_for = "float32 convolutions (and products in some builds) with constant weights";
  row.summary = "Runs convolutions and the operators after them in oneDNN's own layout (float32, CPU)";
  row.description =
      "Groups of operators that start at a conv2d, conv3d or linear with constant float32 weights, and continue with "
      "relu, sigmoid, hardswish, pooling, add and mul, work on tensors in MKLDNN layout. aten::to_mkldnn and "
      "aten::to_dense convert at the borders of a group. In-place operators become functional first. The weights are "
      "stored in MKLDNN layout, which a .pt cannot hold. Some networks become faster and others slower: measure it.";
  row.example = conv_example("%y : Tensor = aten::relu(%conv)", "%y");
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::ConvertFrozenOpsToMKLDNN(graph); }, frozen_conv_or_linear())](
                Unit& unit, const PassContext& context) {
    return at::globalContext().hasMKLDNN() ? pass(unit, context) : to_advice(Need::mkldnn);
  };
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_convert_frozen_ops_to_mkldnn"});
  return row;
}

PassRow fuse_frozen_conv_add_relu() {
  PassRow row;
  row.name = "fuse-frozen-conv-add-relu";
  row.function = "torch::jit::FuseFrozenConvAddRelu";
  row.header = "torch/csrc/jit/passes/frozen_conv_add_relu_fusion.h";
  row.needs = {Need::frozen, Need::cuda};
  row.changes_numerics = true;
  row.savable = false;
  row.order = "after freeze-module and the folds";
  row.looks_for = "convolution and relu, or convolution, addition and relu, on CUDA";
  row.summary = "Fuses convolution, addition and relu into one cuDNN operator (CUDA only)";
  row.description = "A conv2d or conv3d with constant weights, followed by a relu or by an add and a relu, becomes "
                    "aten::cudnn_convolution_relu or aten::cudnn_convolution_add_relu. Only the CUDA build of LibTorch "
                    "contains this pass; in a CPU build it does nothing.";
  row.example = conv_example("%y : Tensor = aten::relu(%conv)", "%y");
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::FuseFrozenConvAddRelu(graph); }, frozen_conv())](
                Unit& unit, const PassContext& context) {
    return jit::getFuseFrozenConvAddReluImpl()
               ? pass(unit, context)
               : std::string("this LibTorch was built without CUDA, which this pass needs");
  };
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_fuse_frozen_conv_add_relu"});
  return row;
}

} // namespace

void register_frozen(Registry& registry) {
  registry.add(optimize_frozen_graph());
  registry.add(remove_dropout());
  registry.add(frozen_concat_linear());
  registry.add(frozen_linear_transpose());
  registry.add(convert_frozen_ops_to_mkldnn());
  registry.add(fuse_frozen_conv_add_relu());
  register_frozen_folding(registry);
}

} // namespace tsir
