// Fusers: many operators become one kernel.
#include "passes/fuse.h"
#include "passes/all.h"

namespace tsir {
namespace {

constexpr auto pointwise_example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor = aten::add(%x, %y, %one)
  %2 : Tensor = aten::sigmoid(%1)
  %3 : Tensor = aten::mul(%2, %x)
  %4 : Tensor = aten::relu(%3)
  return (%4)
)";

// What the fusers' rows have in common.
PassRow fuser_row() {
  PassRow row;
  row.kind = PassKind::profiled;
  row.needs = {Need::inputs, Need::inlined};
  row.changes_numerics = true;
  row.runs_operators = true;
  row.savable = false;
  row.example = pointwise_example;
  row.example_inputs = {"float32[8,16]", "float32[8,16]"};
  return row;
}

PassRow fuse_tensor_exprs_row() {
  PassRow row = fuser_row();
  row.name = "fuse-tensor-exprs";
  row.aliases = {"nnc"};
  row.function = "torch::jit::FuseTensorExprs";
  row.header = "torch/csrc/jit/passes/tensorexpr_fuser.h";
  row.options = {
      {"min-group-size", int64_t{2}, "groups of fewer operators are taken apart again", {}},
      {"add-composed-op",
       false,
       "with dynamic shapes: one node that checks the types and runs the group or its fallback",
       {}},
      {"fuse-to-dynamic-shapes", false, "groups for any sizes, not for those of the example inputs only", {}},
  };
  row.idempotent = false; // it fuses within the fallbacks of the groups that are there
  row.order = "last, after freeze-module and remove-tensor-mutation";
  row.looks_for = "element-wise operators, reductions and concatenations of tensors with known shapes";
  row.summary = "Fuses into kernels that NNC, the tensor expression compiler, generates";
  row.description =
      "Element-wise operators, reductions, concatenations and some matrix products become prim::TensorExprGroup nodes, "
      "each "
      "behind a check of its input types (prim::TypeCheck) with the unfused operators as fallback. Types come from a "
      "run on the example inputs; other shapes take the fallback. On CUDA the groups become kernels. On a CPU only a "
      "LibTorch built with LLVM compiles them; elsewhere, as in the wheels from PyPI, they run in an interpreter, "
      "thousands of times slower: good for looking, useless for timing.";
  row.run = [](Unit& unit, const PassContext& context) {
    const PassOptions& options = context.options;
    const auto size = options.integer("min-group-size");
    return fuse_tensor_exprs(unit, context,
                             {.min_group_size = static_cast<size_t>(std::max<int64_t>(size, 1)),
                              .add_composed_op = options.flag("add-composed-op"),
                              .fuse_to_dynamic_shapes = options.flag("fuse-to-dynamic-shapes")});
  };
  return row;
}

PassRow fuse_onednn_graph_row() {
  PassRow row = fuser_row();
  row.name = "fuse-onednn-graph";
  row.aliases = {"onednn", "llga"};
  row.function = "torch::jit::fuser::onednn::fuseGraph";
  row.header = "torch/csrc/jit/codegen/onednn/interface.h";
  row.needs = {Need::inputs, Need::inlined, Need::mkldnn};
  row.order = "last, after freeze-module";
  row.looks_for = "float32 convolutions, products and what follows them";
  row.summary = "Fuses into oneDNN Graph partitions: convolutions and products with what follows them (float32, CPU)";
  row.description =
      "Convolutions, matrix products, normalisations, pooling and element-wise operators become "
      "prim::oneDNNFusionGroup nodes, each behind a check of its input types with the unfused operators as "
      "fallback. In-place operators and list appends become functional first. Weights must be constants to be "
      "laid out ahead of time, so freeze first: frozen convolution networks gain most, and LibTorch partitions "
      "the whole graph anew for every block that it has, which takes a minute on a ResNet-50 that is not frozen. "
      "oneDNN compiles a group in its first run, which may take seconds, and on some models throws there: compare "
      "and measure.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor, %bias : Tensor):
  %1 : Tensor = aten::linear(%x, %weight, %bias)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = aten::sigmoid(%2)
  return (%3)
)";
  row.example_inputs = {"float32[8,16]", "float32[4,16]", "float32[4]"};
  row.run = fuse_onednn_graph;
  return row;
}

PassRow fuse_graph_row() {
  PassRow row = fuser_row();
  row.name = "fuse-graph";
  row.function = "torch::jit::FuseGraph";
  row.header = "torch/csrc/jit/passes/graph_fuser.h";
  row.kind = PassKind::graph;
  row.options = {{"strict-fuser-check", false, "fuse only where the types say on which device tensors are", {}}};
  row.needs = {Need::inlined, Need::cxx_compiler};
  row.runs_operators = false;
  row.idempotent = false; // pools constants within the groups that are there, which changes their order
  row.order = "last; decompose-ops before it gives it more";
  row.looks_for = "two or more element-wise operators in a row";
  row.summary = "The old fuser: element-wise operators become C++ compiled when the graph runs";
  row.description =
      "Element-wise operators become prim::FusionGroup nodes, for each of which LibTorch writes C++ (or CUDA) source, "
      "runs "
      "a C++ compiler in the first run with a new type of input, and loads the result. Without a compiler the "
      "operators run "
      "unfused. It has not been developed for years and has been seen to return wrong numbers on a real model (a Swin "
      "transformer): compare the results.";
  row.example_inputs = {};
  row.run = [](Unit& unit, const PassContext& context) {
    return fuse_graph(unit, context, context.options.flag("strict-fuser-check"));
  };
  return row;
}

PassRow fuse_row() {
  PassRow row = fuser_row();
  row.name = "fuse";
  row.function = "torch::jit::FuseTensorExprs or torch::jit::fuser::onednn::fuseGraph";
  row.header = "torch/csrc/jit/passes/tensorexpr_fuser.h";
  row.order = "last, after freeze-module";
  row.looks_for = "what the fuser for the device takes: element-wise operators, convolutions, products";
  row.summary = "Fuses with the best fuser that this LibTorch has for the device, and says which";
  row.description =
      "Takes fuse-tensor-exprs on CUDA, and on a CPU where LibTorch was built with LLVM; else fuse-onednn-graph. Where "
      "there is neither it fails and says so. The old fuse-graph is never taken by itself. Freeze first: frozen "
      "weights "
      "are what the oneDNN groups gain from.";
  row.run = fuse_best;
  return row;
}

} // namespace

void register_fuse(Registry& registry) {
  nnc_compiles_for_cpu(); // asked before any pass overrides it
  registry.add(fuse_row());
  registry.add(fuse_tensor_exprs_row());
  registry.add(fuse_onednn_graph_row());
  registry.add(fuse_graph_row());
}

} // namespace tsir
