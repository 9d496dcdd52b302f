// Fusers, which merge many operators into one kernel.
#include "passes/fuse.h"
#include "passes/all.h"
#include "passes/host/host_texts.h"

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

// The fields that the rows of all fusers share.
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

// `last`: the last argument of host_passes::fuse.
HostWriter fusing_code(const std::string& last) {
  return [last](const PassOptions&, const std::string& method) {
    HostCode code =
        call_of({types_seen_text, onednn_overflow_text, onednn_prepare_text, onednn_layouts_text, fuse_text},
                fmt::format("host_passes::fuse(graph, module.get_method({}), example{});", cpp_literal(method), last));
    code.takes_example = code.prepared_model = true;
    return code;
  };
}

PassRow fuse_tensor_exprs_row() {
  PassRow row = fuser_row();
  row.name = "fuse-tensor-exprs";
  row.aliases = {"nnc"};
  row.function = "torch::jit::FuseTensorExprs";
  row.header = "torch/csrc/jit/passes/tensorexpr_fuser.h";
  row.options = {
      {"min-group-size", int64_t{2}, "minimum number of operators in a group; smaller groups are inlined again", {}},
      {"add-composed-op",
       false,
       "with dynamic shapes: one node that checks the types and runs the group or its fallback",
       {}},
      {"fuse-to-dynamic-shapes", false, "make groups for any sizes, not only for those of the example inputs", {}},
  };
  row.idempotent = false; // it fuses within the fallbacks of existing groups
  row.order = "last, after freeze-module and remove-tensor-mutation";
  row.looks_for = "element-wise operators, reductions and concatenations of tensors with known shapes";
  row.summary = "Fuses operators into kernels that NNC, the tensor expression compiler, generates";
  row.description =
      "Element-wise operators, reductions, concatenations and some matrix products become prim::TensorExprGroup nodes. "
      "Each group is guarded by a check of its input types (prim::TypeCheck), with the unfused operators as fallback. "
      "The types come from a run on the example inputs; other shapes take the fallback. On CUDA the groups become "
      "kernels. On a CPU only a LibTorch built with LLVM compiles them. In other builds, such as the wheels from PyPI, "
      "they run in an interpreter, thousands of times slower: use them for inspection, not for timing.";
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
  row.looks_for = "float32 convolutions, products and the operators after them";
  row.summary = "Fuses convolutions, products and the operators after them into oneDNN Graph partitions (float32, CPU)";
  row.description =
      "Convolutions, matrix products, normalisations, pooling and element-wise operators become "
      "prim::oneDNNFusionGroup nodes. Each group is guarded by a check of its input types, with the unfused operators "
      "as fallback. In-place operators and list appends become functional first. oneDNN compiles a group when it runs "
      "for the first time, which may take seconds. So every group is run once on the example inputs, and one that "
      "throws, gives other results or is not reached is dissolved: its operators run unfused. Operators on which "
      "LibTorch's fuser itself throws are left out. Freeze first: only constant weights are laid out ahead of time, "
      "and frozen convolution networks gain most. LibTorch also partitions the whole graph again for every block in "
      "it, which takes a minute on a ResNet-50 that is not frozen.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor, %bias : Tensor):
  %1 : Tensor = aten::linear(%x, %weight, %bias)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = aten::sigmoid(%2)
  return (%3)
)";
  row.example_inputs = {"float32[8,16]", "float32[4,16]", "float32[4]"};
  row.run = fuse_onednn_graph;
  row.host = fusing_code(", true");
  return row;
}

PassRow fuse_graph_row() {
  PassRow row = fuser_row();
  row.name = "fuse-graph";
  row.function = "torch::jit::FuseGraph";
  row.header = "torch/csrc/jit/passes/graph_fuser.h";
  row.kind = PassKind::graph;
  row.options = {{"strict-fuser-check", false, "fuse only if the types say which device tensors are on", {}}};
  row.needs = {Need::inlined, Need::cxx_compiler};
  row.runs_operators = false;
  row.idempotent = false; // pools constants within existing groups, which changes their order
  row.order = "last; decompose-ops before it gives it more to fuse";
  row.looks_for = "two or more consecutive element-wise operators";
  row.summary = "Fuses element-wise operators into C++ that is compiled when the graph runs (the old fuser)";
  row.description =
      "Element-wise operators become prim::FusionGroup nodes. For each of them LibTorch generates C++ (or CUDA) "
      "source, runs a C++ compiler in the first run with a new type of input, and loads the result. Without a compiler "
      "the operators run unfused. This fuser has not been developed for years and has been seen to return wrong "
      "numbers on a real model (a Swin transformer): compare the results.";
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
  row.looks_for = "operators that the fuser for the device supports: element-wise operators, convolutions, products";
  row.summary = "Fuses with the best fuser that this LibTorch has for the device, and reports which";
  row.description = "Uses fuse-tensor-exprs on CUDA, and on a CPU if LibTorch was built with LLVM; otherwise "
                    "fuse-onednn-graph. If neither is available, the pass fails with an error. The old fuse-graph is "
                    "never used. Freeze first: the oneDNN groups gain from frozen weights.";
  row.run = fuse_best;
  row.host = fusing_code("");
  return row;
}

} // namespace

void register_fuse(Registry& registry) {
  nnc_compiles_for_cpu(); // called before any pass overrides the setting
  registry.add(fuse_row());
  registry.add(fuse_tensor_exprs_row());
  registry.add(fuse_onednn_graph_row());
  registry.add(fuse_graph_row());
}

} // namespace tsir
