// The steps from quantize and dequantize nodes to quantized operators.
#include "lib/compat/unshipped.h"
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "passes/graph_pass.h"
#include "passes/observers.h"
#include "passes/quantization.h"

#include <torch/csrc/jit/passes/fuse_linear.h>
#include <torch/csrc/jit/passes/quantization/finalize.h>
#include <torch/csrc/jit/passes/quantization/fusion_passes.h>
#include <torch/csrc/jit/passes/quantization/insert_quant_dequant.h>

namespace tsir {
namespace {

PassRow quant_fusion() {
  PassRow row;
  row.name = "quant-fusion";
  row.function = "torch::jit::QuantFusion";
  row.header = "torch/csrc/jit/passes/quantization/finalize.h";
  row.options = {quant_type_option()};
  row.needs = {Need::inlined, Need::quantized};
  row.changes_numerics = true;
  row.order = "after insert-quant-de-quant and insert-prepack-unpack; finalize runs all of these";
  row.looks_for = "operators between dequantize and quantize nodes, with packed weights if they have weights";
  row.summary = "Fuses dequantize, an operator and quantize into a quantized operator";
  row.description = "If all inputs of an operator come from aten::dequantize and its result goes into "
                    "aten::quantize_per_tensor, these nodes become one operator of the quantized namespace: add, mul, "
                    "cat, linear, convolutions, normalisations, and these with a relu after them. Operators that work "
                    "directly on quantized tensors (pooling, clamp, sigmoid) lose the nodes around them. Linear and "
                    "convolution need the packed weights of insert-prepack-unpack. quant-type=dynamic uses the "
                    "patterns in which scales are chosen in each run: linear and convolutions.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %scale : float = prim::Constant[value=0.125]()
  %zero : int = prim::Constant[value=64]()
  %quint8 : int = prim::Constant[value=13]()
  %one : int = prim::Constant[value=1]()
  %x_quant : Tensor = aten::quantize_per_tensor(%x, %scale, %zero, %quint8)
  %y_quant : Tensor = aten::quantize_per_tensor(%y, %scale, %zero, %quint8)
  %x_dequant : Tensor = aten::dequantize(%x_quant)
  %y_dequant : Tensor = aten::dequantize(%y_quant)
  %sum : Tensor = aten::add(%x_dequant, %y_dequant, %one)
  %sum_quant : Tensor = aten::quantize_per_tensor(%sum, %scale, %zero, %quint8)
  %result : Tensor = aten::dequantize(%sum_quant)
  return (%result)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) { jit::QuantFusion(graph, quant_type(options)); });
  return row;
}

PassRow insert_prepack_unpack() {
  PassRow row;
  row.name = "insert-prepack-unpack";
  row.function = "torch::jit::InsertPrepackUnpack";
  row.header = "torch/csrc/jit/passes/quantization/finalize.h";
  row.needs = {Need::inlined, Need::quantized};
  row.changes_numerics = true;
  row.idempotent = false;
  row.order = "after insert-quant-de-quant, before quant-fusion";
  row.looks_for = "linear and convolution with a dequantized weight";
  row.summary = "Packs the quantized weights of linear and convolution, and unpacks them again";
  row.description =
      "A quantized weight and its bias pass through quantized::linear_prepack (or conv1d, conv2d, conv3d and the "
      "transposed ones) and the matching unpack operator before they are dequantized. By itself this is wasted work. "
      "It puts the packed weight into the graph for quant-fusion, which uses it and removes the unpacking.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor, %bias : Tensor):
  %scale : float = prim::Constant[value=0.0625]()
  %zero : int = prim::Constant[value=0]()
  %qint8 : int = prim::Constant[value=12]()
  %w_quant : Tensor = aten::quantize_per_tensor(%weight, %scale, %zero, %qint8)
  %w_dequant : Tensor = aten::dequantize(%w_quant)
  %y : Tensor = aten::linear(%x, %w_dequant, %bias)
  return (%y)
)";
  row.example_inputs = {"float32[4,3]", "float32[2,3]", "float32[2]"};
  row.run = on_graph([](GraphPtr& graph) { jit::InsertPrepackUnpack(graph); });
  return row;
}

PassRow fold_quantized_prepacking_ops() {
  PassRow row;
  row.name = "fold-quantized-prepacking-ops";
  row.function = "torch::jit::FoldQuantizedPrepackingOps";
  row.header = "torch/csrc/jit/passes/quantization/finalize.h";
  row.kind = PassKind::module;
  row.needs = {Need::module, Need::frozen, Need::quantized};
  row.runs_operators = true;
  row.order = "after quant-fusion and freeze-module";
  row.looks_for = "quantized::…_prepack of constants";
  row.summary = "Packs constant quantized weights once and keeps them as attributes";
  row.description = "Runs every quantized prepack operator whose inputs are constants, in all methods of the top "
                    "module, and stores its result as an attribute of the module that the graph reads instead. Weights "
                    "that are not constants yet are left unchanged.";
  row.example = "def forward(self, x: Tensor) -> Tensor:\n    return self.linear.forward(x)\n";
  row.example_inputs = {"float32[4,3]=ones"};
  row.example_passes = "insert-observers,insert-quant-de-quant,insert-prepack-unpack,quant-fusion,freeze-module";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    jit::FoldQuantizedPrepackingOps(unit.module());
    return "";
  };
  return row;
}

bool is_quantize(const jit::Node& node) {
  static const std::unordered_set<std::string_view> kinds{"aten::quantize_per_tensor", "aten::quantize_per_channel"};
  return kinds.contains(node.kind().toQualString());
}

// LibTorch moves the node that makes the scale in front of the prim::If, whatever that node is.
void check_replicate_quant(const jit::Graph& graph) {
  walk(*graph.block(), [](const jit::Node& node) {
    if (!is_quantize(node) || node.input(0)->node()->kind() != c10::prim::If) {
      return;
    }
    const jit::Node* branch = node.input(0)->node();
    if (branch->outputs().size() != 1) {
      throw Refused("LibTorch's pass supports a prim::If with one output only, and the quantized one has more");
    }
    for (const jit::Value* parameter : node.inputs().slice(1)) {
      if (!parameter->node()->inputs().empty() || parameter->node()->kind() == c10::prim::Param) {
        throw Refused("scale, zero point and dtype of the quantize node must be constants");
      }
    }
  });
}

PassRow replicate_quant() {
  PassRow row;
  row.name = "replicate-quant";
  row.function = "torch::jit::ReplicateQuant";
  row.header = "torch/csrc/jit/passes/quantization/insert_quant_dequant.h";
  row.needs = {Need::quantized};
  row.order = "before quant-fusion; insert-quant-de-quant runs it";
  row.looks_for = "a quantize node after a prim::If";
  row.summary = "Moves a quantize node after a prim::If into both branches";
  row.description = "If the result of a prim::If is quantized, each branch quantizes its own result instead, so that "
                    "quant-fusion finds operator and quantize node in one block. The scale, zero point and dtype must "
                    "be constants, and the prim::If must have one output.";
  row.example = R"(graph(%x : Tensor, %flag : bool):
  %scale : float = prim::Constant[value=0.125]()
  %zero : int = prim::Constant[value=0]()
  %quint8 : int = prim::Constant[value=13]()
  %y : Tensor = prim::If(%flag)
    block0():
      %a : Tensor = aten::relu(%x)
      -> (%a)
    block1():
      %b : Tensor = aten::sigmoid(%x)
      -> (%b)
  %y_quant : Tensor = aten::quantize_per_tensor(%y, %scale, %zero, %quint8)
  %result : Tensor = aten::dequantize(%y_quant)
  return (%result)
)";
  row.run = on_graph([](GraphPtr& graph) {
    check_replicate_quant(*graph);
    jit::ReplicateQuant(graph);
  });
  return row;
}

PassRow replicate_de_quant() {
  PassRow row;
  row.name = "replicate-de-quant";
  row.function = "torch::jit::ReplicateDeQuant";
  row.header = "torch/csrc/jit/passes/quantization/insert_quant_dequant.h";
  row.needs = {Need::quantized};
  row.order = "before quant-fusion; insert-quant-de-quant runs it";
  row.looks_for = "aten::dequantize with more than one use";
  row.summary = "Gives every use of a dequantized value its own dequantize node";
  row.description =
      "The patterns of quant-fusion need a dequantize node that has no other use. So each use of a dequantized value "
      "gets its own dequantize node, directly before it. Dequantize nodes with a single use stay.";
  row.example = R"(graph(%x : Tensor):
  %scale : float = prim::Constant[value=0.125]()
  %zero : int = prim::Constant[value=64]()
  %quint8 : int = prim::Constant[value=13]()
  %x_quant : Tensor = aten::quantize_per_tensor(%x, %scale, %zero, %quint8)
  %x_dequant : Tensor = aten::dequantize(%x_quant)
  %a : Tensor = aten::relu(%x_dequant)
  %b : Tensor = aten::mul(%a, %x_dequant)
  return (%b)
)";
  row.run =
      on_graph([](GraphPtr& graph) { jit::ReplicateDeQuant(graph); }, Wanted{{"aten::dequantize"}, "aten::dequantize"});
  return row;
}

PassRow fuse_quantized_add_relu() {
  PassRow row;
  row.name = "fuse-quantized-add-relu";
  row.function = "torch::jit::FuseQuantizedAddRelu";
  row.header = "torch/csrc/jit/passes/quantization/fusion_passes.h";
  row.needs = {Need::inlined, Need::quantized};
  row.order = "after quant-fusion";
  row.looks_for = "quantized::add followed by aten::relu";
  row.summary = "Fuses quantized::add and the relu after it";
  row.description = "A quantized::add, add_out, add_scalar or add_scalar_out whose result is used only by aten::relu "
                    "becomes the operator that does both, such as quantized::add_relu.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %scale : float = prim::Constant[value=0.125]()
  %zero : int = prim::Constant[value=64]()
  %quint8 : int = prim::Constant[value=13]()
  %x_quant : Tensor = aten::quantize_per_tensor(%x, %scale, %zero, %quint8)
  %y_quant : Tensor = aten::quantize_per_tensor(%y, %scale, %zero, %quint8)
  %sum : Tensor = quantized::add(%x_quant, %y_quant, %scale, %zero)
  %positive : Tensor = aten::relu(%sum)
  %result : Tensor = aten::dequantize(%positive)
  return (%result)
)";
  row.run =
      on_graph([](GraphPtr& graph) { jit::FuseQuantizedAddRelu(graph); },
               Wanted{{"quantized::add", "quantized::add_out", "quantized::add_scalar", "quantized::add_scalar_out"},
                      "quantized::add"});
  return row;
}

PassRow swap_functional_linear() {
  PassRow row;
  row.name = "swap-functional-linear";
  row.function = "torch::jit::SwapFunctionalLinear";
  row.header = "torch/csrc/jit/passes/fuse_linear.h";
  row.kind = PassKind::module;
  row.needs = {Need::module};
  row.order = "before inline; insert-quant-de-quant runs it";
  row.looks_for = "calls of the function torch.nn.functional.linear";
  row.summary = "Replaces calls of the function linear by aten::linear";
  row.description = "Works on all methods of the module and its submodules. A prim::CallFunction of a function named "
                    "linear with an input, a weight and a bias becomes aten::linear. nn.Linear as scripted by this "
                    "LibTorch already has aten::linear. Only the last part of the function's name is compared, so a "
                    "user's own function of that name is replaced too.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    return linear(x, self.linear.weight, self.linear.bias)
)";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    jit::SwapFunctionalLinear(unit.module());
    return "";
  };
  return row;
}

PassRow dbr_quant_remove_redundant_aliases() {
  PassRow row;
  row.name = "dbr-quant-remove-redundant-aliases";
  row.function = "torch::jit::DBRQuantRemoveRedundantAliases";
  row.header = "torch/csrc/jit/passes/dbr_quantization/remove_redundant_aliases.h";
  row.kind = PassKind::module;
  row.needs = {Need::module};
  row.looks_for = "aten::alias";
  row.summary = "Removes aten::alias where neither of its names is written to";
  row.description = "In all methods of the module and its submodules, the result of aten::alias is replaced by its "
                    "input if this is safe: nothing writes to either, or neither escapes from the graph. Such nodes "
                    "come from define-by-run (DBR) quantization.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    y = torch.relu(x)
    return torch.neg(torch.alias(y))
)";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    jit::DBRQuantRemoveRedundantAliases(unit.module());
    return "";
  };
  return row;
}

} // namespace

void register_quantization_rewrites(Registry& registry) {
  registry.add(insert_prepack_unpack());
  registry.add(quant_fusion());
  registry.add(fold_quantized_prepacking_ops());
  registry.add(replicate_quant());
  registry.add(replicate_de_quant());
  registry.add(fuse_quantized_add_relu());
  registry.add(swap_functional_linear());
  registry.add(dbr_quant_remove_redundant_aliases());
}

} // namespace tsir
