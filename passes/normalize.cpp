// Operators in their usual spelling.
#include "lib/base/error.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/operator_upgraders/upgraders_entry.h>
#include <torch/csrc/jit/passes/eliminate_no_ops.h>
#include <torch/csrc/jit/passes/graph_rewrite_helper.h>
#include <torch/csrc/jit/passes/normalize_ops.h>
#include <torch/csrc/jit/passes/replacement_of_old_operators.h>

namespace tsir {
namespace {

PassRow normalize_ops() {
  PassRow row;
  row.name = "normalize-ops";
  row.function = "torch::jit::NormalizeOps";
  row.header = "torch/csrc/jit/passes/normalize_ops.h";
  row.order = "before passes that look for operators by name";
  row.looks_for = "operators that have another name for the same: absolute, clip, multiply, subtract";
  row.summary = "Gives operators with several names one name";
  row.description =
      "aten::absolute becomes aten::abs, aten::clip aten::clamp, aten::multiply aten::mul, aten::true_divide aten::div "
      "and so on, in-place forms included, where the first argument is a tensor. LibTorch runs this when it loads a "
      "module, so what comes from a .pt is normal already.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::multiply(%x, %y)
  %2 : Tensor = aten::absolute(%1)
  return (%2)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::NormalizeOps(graph); });
  return row;
}

// LibTorch takes the first input for the one output without looking.
void check_no_op(const jit::Graph& graph, c10::Symbol op) {
  const auto unfit = [&](const jit::Node& node) {
    return node.kind() == op && (node.inputs().empty() || node.outputs().size() != 1 ||
                                 !node.inputs()[0]->type()->isSubtypeOf(*node.output()->type()));
  };
  if (find_node(graph, unfit) != nullptr) {
    throw Refused(fmt::format("'{}' is no operator that may give back its first argument", op.toQualString()));
  }
}

PassRow eliminate_no_ops() {
  PassRow row;
  row.name = "eliminate-no-ops";
  row.function = "torch::jit::EliminateNoOps";
  row.header = "torch/csrc/jit/passes/eliminate_no_ops.h";
  row.options = {{"custom-ops",
                  std::vector<std::string>{},
                  "operators to remove as well, which give back their first argument: aten::contiguous;my::marker",
                  {}}};
  row.order = "after inline, and before what looks for operators that follow each other";
  row.looks_for = "aten::detach, and the operators that custom-ops names";
  row.summary = "Removes operators that give back what they got";
  row.description =
      "Uses of what aten::detach gives, and the operators in custom-ops, become uses of their first argument; then "
      "dead "
      "code goes. Whether an operator in custom-ops really does nothing is not checked. Nothing happens in a graph "
      "that "
      "compares tensors by `is`, since that would tell. Under autograd the gradient now flows where it was detached.";
  row.example = R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::detach(%1)
  %3 : Tensor = aten::neg(%2)
  return (%3)
)";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    Wanted wanted{{"aten::detach"}, "aten::detach"};
    std::unordered_set<c10::Symbol> operators;
    for (const std::string& name : context.options.list("custom-ops")) {
      operators.insert(known_operator(name));
      wanted.operators.push_back(name);
      wanted.what += ", " + name;
      check_no_op(*unit.graph(), known_operator(name));
    }
    std::string note = missing(*unit.graph(), wanted);
    GraphPtr graph = unit.graph();
    jit::EliminateNoOps(graph, operators);
    return note;
  };
  return row;
}

PassRow replace_old_operators() {
  PassRow row;
  row.name = "replace-old-operators-with-upgraders";
  row.function = "torch::jit::ReplaceOldOperatorsWithUpgraders";
  row.header = "torch/csrc/jit/passes/replacement_of_old_operators.h";
  row.options = {
      {"op-version",
       int64_t{3},
       "the version of the operators of a graph that does not say its own: text; 3 is the oldest that matters",
       {}}};
  row.wrong_options = at_least("op-version", 0);
  row.order = "first, before a pass that changes operators";
  row.looks_for = "operators whose meaning has changed since the version of the graph";
  row.summary = "Writes operators of an old version so that they mean what they did then";
  row.description =
      "An operator whose meaning changed after the version of the graph becomes a few nodes that do what it did then: "
      "division of integers in version 3, say. The version then becomes the present one. LibTorch does this when it "
      "loads a module, so it matters for text only, which has no version: op-version says it.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::div(%x, %y)
  return (%1)
)";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    const int64_t version = context.options.integer("op-version");
    if (!unit.graph()->get_op_version().has_value()) {
      unit.graph()->set_op_version(static_cast<size_t>(version));
    }
    jit::populate_upgraders_graph_map();
    try {
      jit::ReplaceOldOperatorsWithUpgraders(unit.graph());
    } catch (const c10::Error& error) {
      throw Error(ErrorKind::pass, fmt::format("an operator has other arguments than it had in version {}: {}",
                                               unit.graph()->get_op_version().value_or(0), one_line(error)));
    }
    return "";
  };
  return row;
}

bool has_unknown_parameters(const jit::Node& node) {
  if (node.kind().toQualString() != std::string_view("aten::_convolution")) {
    return false;
  }
  const auto parameters = node.inputs().slice(3, 5); // stride, padding, dilation, transposed, output_padding
  return std::ranges::any_of(parameters, [](const jit::Value* value) {
    const auto kind = value->node()->kind();
    return kind != c10::prim::Constant && kind != c10::prim::ListConstruct;
  });
}

PassRow replace_convolution() {
  PassRow row;
  row.name = "replace-convolution-with-aten-conv";
  row.function = "torch::jit::graph_rewrite_helper::replaceConvolutionWithAtenConv";
  row.header = "torch/csrc/jit/passes/graph_rewrite_helper.h";
  row.runs_operators = true;
  row.order = "before passes that look for aten::conv2d, on traced models";
  row.looks_for = "aten::_convolution, as tracing writes it";
  row.summary = "Writes traced convolutions as aten::conv1d, conv2d, conv3d or conv_transpose2d";
  row.description =
      "aten::_convolution becomes aten::conv1d, aten::conv2d, aten::conv3d or aten::conv_transpose2d, by the lengths "
      "of "
      "its stride, padding, dilation and output padding; transposed ones with other than two dimensions stay. "
      "Constants "
      "are propagated first. These parameters must be constants: LibTorch's pass throws otherwise, and tsir says why. "
      "Passes on convolutions, folds and fusers look for the operators written here.";
  row.example = R"(graph(%x : Tensor, %weight : Tensor):
  %none : NoneType = prim::Constant()
  %1 : int[] = prim::Constant[value=[1, 1]]()
  %0 : int[] = prim::Constant[value=[0, 0]]()
  %false : bool = prim::Constant[value=0]()
  %true : bool = prim::Constant[value=1]()
  %groups : int = prim::Constant[value=1]()
  %y : Tensor = aten::_convolution(%x, %weight, %none, %1, %0, %1, %false, %0, %groups, %false, %false, %true, %true)
  return (%y)
)";
  row.example_inputs = {"float32[1,3,8,8]", "float32[4,3,3,3]"};
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::graph_rewrite_helper::replaceConvolutionWithAtenConv(graph); },
                             {{"aten::_convolution"}, "aten::_convolution"})](Unit& unit, const PassContext& context) {
    if (find_node(*unit.graph(), has_unknown_parameters) != nullptr) {
      throw Refused("a stride, padding, dilation or output padding of aten::_convolution is no constant");
    }
    return pass(unit, context);
  };
  return row;
}

} // namespace

void register_normalize(Registry& registry) {
  registry.add(normalize_ops());
  registry.add(eliminate_no_ops());
  registry.add(replace_old_operators());
  registry.add(replace_convolution());
}

} // namespace tsir
