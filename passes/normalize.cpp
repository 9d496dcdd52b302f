// Operators in their canonical form.
#include "lib/base/error.h"
#include "lib/compat/unshipped.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

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
  row.looks_for = "operators that are aliases of others: absolute, clip, multiply, subtract";
  row.summary = "Replaces aliases of operators by one canonical operator";
  row.description =
      "aten::absolute becomes aten::abs, aten::clip becomes aten::clamp, aten::multiply becomes aten::mul, "
      "aten::true_divide becomes aten::div, and so on, including in-place forms, if the first argument is a tensor. "
      "LibTorch runs this pass when it loads a module, so graphs from a .pt are already normalised.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::multiply(%x, %y)
  %2 : Tensor = aten::absolute(%1)
  return (%2)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::NormalizeOps(graph); });
  row.host = one_call(row.function, row.header);
  return row;
}

// LibTorch replaces the only output by the first input without checking either.
void check_no_op(const jit::Graph& graph, c10::Symbol op) {
  const auto unfit = [&](const jit::Node& node) {
    return node.kind() == op && (node.inputs().empty() || node.outputs().size() != 1 ||
                                 !node.inputs()[0]->type()->isSubtypeOf(*node.output()->type()));
  };
  if (find_node(graph, unfit) != nullptr) {
    throw Refused(fmt::format("'{}' is not an operator that can return its first argument", op.toQualString()));
  }
}

PassRow eliminate_no_ops() {
  PassRow row;
  row.name = "eliminate-no-ops";
  row.function = "torch::jit::EliminateNoOps";
  row.header = "torch/csrc/jit/passes/eliminate_no_ops.h";
  row.options = {{"custom-ops",
                  std::vector<std::string>{},
                  "operators to remove as well, which return their first argument: aten::contiguous;my::marker",
                  {}}};
  row.order = "after inline; before passes that look for consecutive operators";
  row.looks_for = "aten::detach, and the operators named in custom-ops";
  row.summary = "Removes operators that return their input unchanged";
  row.description = "Uses of the results of aten::detach, and of the operators in custom-ops, become uses of their "
                    "first argument. Then dead code is eliminated. The pass does not check whether an operator in "
                    "custom-ops really does nothing. A graph that compares tensors by `is` is left unchanged, because "
                    "the comparison could change. Under autograd, gradients now flow where they were detached.";
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
  row.options = {{"op-version",
                  int64_t{3},
                  "the operator version of a graph that does not state its own (text); 3 is the oldest that matters",
                  {}}};
  row.wrong_options = at_least("op-version", 0);
  row.order = "first, before any pass that changes operators";
  row.looks_for = "operators whose meaning has changed since the version of the graph";
  row.summary = "Replaces operators of an old version by nodes that keep their old meaning";
  row.description =
      "An operator whose meaning changed after the version of the graph becomes a few nodes that do what it did then, "
      "for example division of integers in version 3. The graph then has the current version. LibTorch does this when "
      "it loads a module, so the pass matters only for text, which has no version: op-version sets it.";
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
      throw Error(ErrorKind::pass,
                  fmt::format("the arguments of an operator are not those that it had in version {}: {}",
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
  row.looks_for = "aten::_convolution, which tracing generates";
  row.summary = "Replaces traced convolutions by aten::conv1d, conv2d, conv3d or conv_transpose2d";
  row.description = "An aten::_convolution becomes aten::conv1d, aten::conv2d, aten::conv3d or aten::conv_transpose2d, "
                    "depending on the lengths of its stride, padding, dilation and output padding. Transposed "
                    "convolutions with other than two dimensions stay. Constants are propagated first. These "
                    "parameters must be constants: otherwise LibTorch's pass throws, and tsir says why. Folds, fusers "
                    "and other passes on convolutions look for the operators that this pass makes.";
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
      throw Refused("a stride, padding, dilation or output padding of aten::_convolution is not a constant");
    }
    return pass(unit, context);
  };
  row.host = one_call(row.function, row.header);
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
