// Constant folding: computes ahead of time what does not depend on inputs.
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
                   "makes constants of tensors that a loop exchanges, although one of them is written in place", ""}};
  row.order = "after inline; before eliminate-dead-code";
  row.looks_for = "nodes whose inputs are all constants";
  row.summary = "Runs nodes whose inputs are constants and replaces them by their results";
  row.description = "Runs every node that is deterministic, has no side effects and has only constant inputs, and "
                    "replaces it by constants. A prim::If on a constant becomes the branch taken, a loop that cannot "
                    "run is removed, and dead code is eliminated. The pass runs operators of the model and may read "
                    "files into the graph (aten::from_file): do not use it on files that you do not trust.";
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
  row.host = one_call(row.function, row.header, {"ignore-custom-classes"}, {"_jit_pass_constant_propagation"});
  return row;
}

PassRow constant_propagation_immutable_types() {
  PassRow row;
  row.name = "constant-propagation-immutable-types";
  row.function = "torch::jit::ConstantPropagationImmutableTypes";
  row.header = "torch/csrc/jit/passes/constant_propagation.h";
  row.runs_operators = true;
  row.order = "after inline; before eliminate-dead-code";
  row.looks_for = "nodes on numbers, strings and tuples whose inputs are all constants";
  row.summary = "Propagates constants through numbers, strings and tuples only";
  row.description = "Works like constant-propagation, but only on nodes whose inputs and outputs cannot be written in "
                    "place. It needs no alias analysis, so it is fast, and it is safe if tensors are modified. Tensors "
                    "and lists are left alone.";
  row.example = R"(graph(%x : Tensor):
  %two : int = prim::Constant[value=2]()
  %three : int = prim::Constant[value=3]()
  %six : int = aten::mul(%two, %three)
  %y : Tensor = aten::mul(%x, %six)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::ConstantPropagationImmutableTypes(graph); });
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_constant_propagation_immutable_types"});
  return row;
}

} // namespace

void register_fold(Registry& registry) {
  registry.add(constant_propagation());
  registry.add(constant_propagation_immutable_types());
}

} // namespace tsir
