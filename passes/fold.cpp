// Folding: what can be computed now is computed now.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/constant_propagation.h>

namespace tsir {
namespace {

PassRow constant_propagation() {
  PassRow row;
  row.name = "constant-propagation";
  row.aliases = {"constprop"};
  row.function = "torch::jit::ConstantPropagation";
  row.header = "torch/csrc/jit/passes/constant_propagation.h";
  row.options = {{"ignore-custom-classes",
                  false,
                  "do not fold nodes that make objects of custom classes (prepacked weights)",
                  {}}};
  row.runs_operators = true;
  row.upstream = {{"pytorch#75794",
                   "makes constants of tensors that change places in a loop, though one of them is written to", ""}};
  row.order = "after inline; before eliminate-dead-code";
  row.looks_for = "nodes whose inputs are all constants";
  row.summary = "Runs nodes whose inputs are constants and keeps their results";
  row.description = "Runs every deterministic node without side effects whose inputs are all constants, and puts "
                    "constants in its place. "
                    "prim::If on a constant becomes the block taken; a loop that cannot run vanishes; dead code goes "
                    "with it. It runs the "
                    "model's own operators, and so may read files (aten::from_file) into the graph: not for files that "
                    "you do not trust.";
  row.example = R"(graph(%x : Tensor):
  %two : int = prim::Constant[value=2]()
  %three : int = prim::Constant[value=3]()
  %six : int = aten::mul(%two, %three)
  %large : bool = aten::gt(%six, %two)
  %y : Tensor = prim::If(%large)
    block0():
      %a : Tensor = aten::mul(%x, %six)
      -> (%a)
    block1():
      -> (%x)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    jit::ConstantPropagation(graph, options.flag("ignore-custom-classes"));
  });
  return row;
}

PassRow constant_propagation_immutable_types() {
  PassRow row;
  row.name = "constant-propagation-immutable-types";
  row.function = "torch::jit::ConstantPropagationImmutableTypes";
  row.header = "torch/csrc/jit/passes/constant_propagation.h";
  row.runs_operators = true;
  row.order = "after inline; before eliminate-dead-code";
  row.looks_for = "nodes of numbers, strings and tuples whose inputs are all constants";
  row.summary = "Constant propagation on numbers, strings and tuples only";
  row.description = "As constant-propagation, but only for nodes whose inputs and outputs cannot be written in place, "
                    "which needs no alias "
                    "analysis: quick, and safe where tensors are modified. Tensors and lists are left alone.";
  row.example = R"(graph(%x : Tensor):
  %two : int = prim::Constant[value=2]()
  %three : int = prim::Constant[value=3]()
  %six : int = aten::mul(%two, %three)
  %y : Tensor = aten::mul(%x, %six)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::ConstantPropagationImmutableTypes(graph); });
  return row;
}

} // namespace

void register_fold(Registry& registry) {
  registry.add(constant_propagation());
  registry.add(constant_propagation_immutable_types());
}

} // namespace tsir
