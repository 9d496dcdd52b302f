// Static runtime's rewrites that leave ordinary operators.
#include "passes/static_runtime.h"

#include "lib/pass/refused.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/ir/alias_analysis.h>

namespace tsir {
namespace {

bool is_constant_list(const jit::Value& value, const std::vector<int64_t>& wanted) {
  const auto constant = jit::toIValue(&value);
  return constant && constant->isIntList() && constant->toIntVector() == wanted;
}

// LibTorch drops the permutation and sums over another dimension, which is then the one that is kept.
bool keeps_permuted_dimension(const jit::Node& node) {
  if (node.kind() != c10::aten::sum || node.inputs().size() != 4) {
    return false;
  }
  const jit::Node* permute = node.inputs()[0]->node();
  return permute->kind() == c10::aten::permute && is_constant_list(*permute->inputs().at(1), {0, 2, 1}) &&
         is_constant_list(*node.inputs()[1], {-1}) && jit::constant_as<bool>(node.inputs()[2]) != false;
}

PassRow eliminate_extra_permute_ops() {
  PassRow row;
  row.name = "eliminate-extra-permute-ops";
  row.function = "torch::jit::EliminateExtraPermuteOps";
  row.header = static_runtime_header;
  row.needs = {Need::no_mutation};
  row.changes_numerics = true;
  row.order = "after freeze-module or constant-propagation, which make dimensions constant";
  row.looks_for = "permute([0, 2, 1]) before sum([-1]), or before and after softmax(2)";
  row.summary = "Replaces permutations around sum and softmax by a change of their dimension";
  row.description =
      "An aten::permute by [0, 2, 1] followed by an aten::sum over [-1] becomes an aten::sum over [1]. Between two "
      "such permutes, an aten::softmax over 2 becomes an aten::softmax over 1. All dimensions must be constants, and "
      "the values in between must not have other uses. LibTorch also does this for a sum that keeps its dimension, and "
      "then gives a result of the wrong shape: tsir refuses that.";
  row.example = R"(graph(%x : Tensor):
  %dims : int[] = prim::Constant[value=[0, 2, 1]]()
  %last : int[] = prim::Constant[value=[-1]]()
  %false : bool = prim::Constant[value=0]()
  %none : NoneType = prim::Constant()
  %1 : Tensor = aten::permute(%x, %dims)
  %2 : Tensor = aten::sum(%1, %last, %false, %none)
  return (%2)
)";
  row.example_inputs = {"float32[2,3,4]"};
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::EliminateExtraPermuteOps(graph); },
                             {{"aten::permute"}, "aten::permute"})](Unit& unit, const PassContext& context) {
    if (find_node(*unit.graph(), keeps_permuted_dimension) != nullptr) {
      throw Refused("a sum over a permuted dimension keeps that dimension: LibTorch would give a result "
                    "of another shape");
    }
    return pass(unit, context);
  };
  row.host = one_call(row.function, row.header);
  return row;
}

bool is_list_slice(const jit::Node& node) {
  return node.kind() == c10::aten::slice && node.output()->type()->kind() == c10::ListType::Kind;
}

// A slice is a separate list: a write to one of them must not be visible in the other.
bool shares_writes(const GraphPtr& graph) {
  if (find_node(*graph, is_list_slice) == nullptr) {
    return false;
  }
  const jit::AliasDb aliases(graph);
  return find_node(*graph, [&](const jit::Node& node) {
           return is_list_slice(node) && (aliases.hasWriters(node.inputs()[0]) || aliases.hasWriters(node.output()));
         }) != nullptr;
}

PassRow eliminate_no_op_slice() {
  PassRow row;
  row.name = "eliminate-no-op-slice";
  row.function = "torch::jit::EliminateNoOpSlice";
  row.header = static_runtime_header;
  row.order = "after constant-propagation";
  row.looks_for = "slices of lists from the first element to the last";
  row.summary = "Replaces list[0:] by the list itself";
  row.description = "An aten::slice of a list with start 0 or none, no end and step 1, all constants, is replaced by "
                    "the list. LibTorch does not check whether one of the two lists is changed later, which must not "
                    "be visible in the other: tsir refuses a graph in which that is the case.";
  row.example = R"(graph(%x : Tensor):
  %zero : int = prim::Constant[value=0]()
  %one : int = prim::Constant[value=1]()
  %none : NoneType = prim::Constant()
  %size : int[] = aten::size(%x)
  %all : int[] = aten::slice(%size, %zero, %none, %one)
  %y : Tensor = aten::view(%x, %all)
  return (%y)
)";
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::EliminateNoOpSlice(graph); },
                             {{"aten::slice"}, "aten::slice"})](Unit& unit, const PassContext& context) {
    if (shares_writes(unit.graph())) {
      throw Refused("a list that is sliced, or the slice, is changed later: LibTorch would make both one "
                    "list");
    }
    return pass(unit, context);
  };
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow force_non_empty_outputs() {
  PassRow row;
  row.name = "force-non-empty-outputs";
  row.function = "torch::jit::ForceNonEmptyOutputs";
  row.header = static_runtime_header;
  row.executable = false; // the interpreter cannot prepare some graphs afterwards (unordered_map::at)
  row.savable = false;    // a graph that cannot be run cannot be compared with the saved one
  row.order = "last, because eliminate-dead-code removes the outputs again";
  row.looks_for = "prim::If without outputs";
  row.summary = "Gives every prim::If without outputs an output of None";
  row.description = "A prim::If whose blocks return nothing gets one output of NoneType. Static runtime assumes that "
                    "every block returns something.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    assert x.dim() > 0, "no numbers here"
    return torch.relu(x)
)";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    run_on_copy(
        unit, [](GraphPtr& graph) { jit::ForceNonEmptyOutputs(*graph); },
        "LibTorch's pass uses a value before it is made");
    return "";
  };
  return row;
}

} // namespace

void register_static_runtime_cleanup(Registry& registry) {
  registry.add(eliminate_extra_permute_ops());
  registry.add(eliminate_no_op_slice());
  registry.add(force_non_empty_outputs());
}

} // namespace tsir
