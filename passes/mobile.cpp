// Rewrites for mobile backends.
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/fuse_relu.h>
#include <torch/csrc/jit/passes/metal_rewrite.h>
#include <torch/csrc/jit/passes/xnnpack_rewrite.h>

namespace tsir {
namespace {

PassRow fuse_add_relu() {
  PassRow row;
  row.name = "fuse-add-relu";
  row.function = "torch::jit::FuseAddRelu";
  row.header = "torch/csrc/jit/passes/fuse_relu.h";
  row.needs = {Need::inlined};
  row.looks_for = "aten::add or add_ followed by aten::relu or relu_";
  row.summary = "Fuses an addition and the relu after it into one operator";
  row.description = "An aten::add whose result is used only by aten::relu or relu_ becomes aten::_add_relu. An add_ "
                    "with relu_ becomes aten::_add_relu_, and the forms with out are fused likewise. Additions of a "
                    "number to a tensor are fused too, because _add_relu accepts them. An in-place add_ with a relu "
                    "that is not in place is left unchanged, because the sum would be lost.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor = aten::add(%x, %y, %one)
  %2 : Tensor = aten::relu(%1)
  return (%2)
)";
  row.run =
      on_graph([](GraphPtr& graph) { jit::FuseAddRelu(graph); }, Wanted{{"aten::add", "aten::add_"}, "aten::add"});
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow transform_conv1d_to_conv2d() {
  PassRow row;
  row.name = "transform-conv1d-to-conv2d";
  row.function = "torch::jit::transformConv1dToConv2d";
  row.header = "torch/csrc/jit/passes/xnnpack_rewrite.h";
  row.needs = {Need::inlined};
  row.changes_numerics = true;
  row.idempotent = false;
  row.looks_for = "aten::conv1d";
  row.summary = "Replaces one-dimensional convolutions by two-dimensional ones";
  row.description = "An aten::conv1d becomes an aten::conv2d on input and weight with an extra dimension of size one, "
                    "which is squeezed away afterwards. This is for backends that have a two-dimensional kernel only. "
                    "Traced convolutions (aten::_convolution) become aten::conv1d, conv2d and so on first. Stride, "
                    "padding and dilation must be lists, not strings such as 'same'.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor, %bias : Tensor):
  %one : int = prim::Constant[value=1]()
  %zero : int = prim::Constant[value=0]()
  %stride : int[] = prim::ListConstruct(%one)
  %padding : int[] = prim::ListConstruct(%zero)
  %y : Tensor = aten::conv1d(%x, %weight, %bias, %stride, %padding, %stride, %one)
  return (%y)
)";
  row.example_inputs = {"float32[1,3,8]", "float32[2,3,3]", "float32[2]"};
  row.run = on_graph([](GraphPtr& graph) { jit::transformConv1dToConv2d(graph); },
                     Wanted{{"aten::conv1d", "aten::_convolution"}, "aten::conv1d"});
  row.host = one_call(row.function, row.header);
  return row;
}

// In a LibTorch without Metal, the pass inserts operators that LibTorch does not know. If linear is among them, it then
// fails on its own result.
void metal_insert(GraphPtr& graph) {
  walk(*graph->block(), [](const jit::Node& node) {
    static const std::unordered_set<std::string_view> linear{"aten::linear", "aten::addmm", "aten::matmul"};
    if (linear.contains(node.kind().toQualString()) &&
        jit::getAllOperatorsFor(c10::Symbol::fromQualString("metal_prepack::linear_prepack")).empty()) {
      throw Refused(fmt::format("the graph has {}: without the Metal backend, LibTorch throws half way "
                                "through the pass on graphs with linear layers",
                                node.kind().toQualString()));
    }
  });
  jit::metalInsertPrePackedOps(graph);
}

PassRow metal_insert_pre_packed_ops() {
  PassRow row;
  row.name = "metal-insert-pre-packed-ops";
  row.function = "torch::jit::metalInsertPrePackedOps";
  row.header = "torch/csrc/jit/passes/metal_rewrite.h";
  row.needs = {Need::inlined};
  row.changes_numerics = true;
  row.savable = false;
  row.executable = false;
  row.order = "before freeze-module, because weights are packed where they are read";
  row.looks_for = "aten::conv2d";
  row.summary = "Replaces convolutions by those of the Metal backend with packed weights, for inspection";
  row.description =
      "An aten::conv2d (or traced aten::_convolution) becomes metal_prepack::conv2d_prepack and "
      "metal_prepack::conv2d_run, the first step of LibTorch's path to the GPUs of iPhones. Only builds for iOS and "
      "macOS have these operators. In other builds the graph can be inspected but not run, and most other passes "
      "refuse it. There, graphs with linear layers are refused, because LibTorch throws half way through.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor, %bias : Tensor):
  %one : int = prim::Constant[value=1]()
  %zero : int = prim::Constant[value=0]()
  %stride : int[] = prim::ListConstruct(%one, %one)
  %padding : int[] = prim::ListConstruct(%zero, %zero)
  %y : Tensor = aten::conv2d(%x, %weight, %bias, %stride, %padding, %stride, %one)
  return (%y)
)";
  row.example_inputs = {"float32[1,3,8,8]", "float32[2,3,3,3]", "float32[2]"};
  row.run = on_graph(metal_insert, Wanted{{"aten::conv2d", "aten::_convolution"}, "aten::conv2d"});
  return row;
}

} // namespace

void register_mobile(Registry& registry) {
  registry.add(fuse_add_relu());
  registry.add(transform_conv1d_to_conv2d());
  registry.add(metal_insert_pre_packed_ops());
}

} // namespace tsir
