// Operators on lists, rewritten as operators on any number of arguments.
#include "passes/variadic.h"

#include "lib/pass/refused.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/variadic_ops.h>

namespace tsir {
namespace {

constexpr auto cat_example = R"(graph(%a : Tensor, %b : Tensor):
  %dim : int = prim::Constant[value=0]()
  %list : Tensor[] = prim::ListConstruct(%a, %b)
  %c : Tensor = aten::cat(%list, %dim)
  return (%c)
)";

// The list is complete only after the append has become part of it.
constexpr auto appended_example = R"(graph(%a : Tensor, %b : Tensor):
  %dim : int = prim::Constant[value=0]()
  %list : Tensor[] = prim::ListConstruct(%a)
  %1 : Tensor[] = aten::append(%list, %b)
  %c : Tensor = aten::cat(%list, %dim)
  return (%c)
)";

std::string stacked(std::string example) {
  return example.replace(example.find("aten::cat"), std::string_view("aten::cat").size(), "aten::stack");
}

PassRow variadic_row(const std::string& name, const std::string& function) {
  PassRow row;
  row.name = name;
  row.function = "torch::jit::" + function;
  row.header = "torch/csrc/jit/passes/variadic_ops.h";
  row.savable = false; // saving drops the arguments of prim::VarConcat and prim::VarStack
  row.order = "after inline; eliminate-concat-common-inputs after it";
  return row;
}

PassRow use_variadic_cat() {
  PassRow row = variadic_row("use-variadic-cat", "UseVariadicCat");
  row.looks_for = "aten::cat of a list that the graph makes";
  row.summary = "Replaces aten::cat of a list made in the graph by prim::VarConcat of its elements";
  row.description = "An aten::cat of a list that prim::ListConstruct makes, and that nothing changes before, becomes a "
                    "prim::VarConcat, which takes the tensors themselves. A list without other uses is removed. Made "
                    "for static runtime, and for passes that analyse concatenations.";
  row.example = cat_example;
  row.run = on_graph([](GraphPtr& graph) { jit::UseVariadicCat(graph); }, {{"aten::cat"}, "aten::cat"});
  return row;
}

PassRow use_variadic_stack() {
  PassRow row = variadic_row("use-variadic-stack", "UseVariadicStack");
  row.looks_for = "aten::stack of a list that the graph makes";
  row.summary = "Replaces aten::stack of a list made in the graph by prim::VarStack of its elements";
  row.description = "An aten::stack of a list that prim::ListConstruct makes, and that nothing changes before, becomes "
                    "a prim::VarStack, which takes the tensors themselves. A list without other uses is removed.";
  row.example = stacked(cat_example);
  row.run = on_graph([](GraphPtr& graph) { jit::UseVariadicStack(graph); }, {{"aten::stack"}, "aten::stack"});
  return row;
}

const std::vector<OptionSpec>& operator_options() {
  static const std::vector<OptionSpec> options{
      {"op", std::string("aten::cat"), "operator whose first argument is a list", {}},
      {"variadic-op", std::string("prim::VarConcat"), "operator that replaces it", {}}};
  return options;
}

using VariadicPass = bool (*)(const GraphPtr&, c10::Symbol, c10::Symbol);

// LibTorch does not check the operators: names that it does not know, no arguments, several results.
RowFunction on_operators(VariadicPass pass) {
  return [pass](Unit& unit, const PassContext& context) -> std::string {
    const c10::Symbol op = known_operator(context.options.text("op"));
    const c10::Symbol variadic_op = known_operator(context.options.text("variadic-op"));
    const auto unfit = [&](const jit::Node& node) {
      return node.kind() == op && (node.inputs().empty() || node.outputs().size() != 1);
    };
    if (find_node(*unit.graph(), unfit) != nullptr) {
      throw Refused(fmt::format("'{}' is not an operator on a list with one result", op.toQualString()));
    }
    std::string note = missing(*unit.graph(), {{op.toQualString()}, op.toQualString()});
    pass(unit.graph(), op, variadic_op);
    return note;
  };
}

PassRow use_variadic_op() {
  PassRow row = variadic_row("use-variadic-op", "UseVariadicOp");
  row.options = operator_options();
  row.looks_for = "the operator `op` on a list that the graph makes";
  row.summary = "Replaces an operator on a list made in the graph by one on its elements";
  row.description = "The general form of use-variadic-cat. The operator `op`, whose first argument is a list that "
                    "prim::ListConstruct makes and that nothing changes before, becomes `variadic-op` on the elements "
                    "and the remaining arguments. The pass does not check that both compute the same.";
  row.example = cat_example;
  row.run = on_operators(jit::UseVariadicOp);
  return row;
}

PassRow remove_list_mutation_and_use_variadic_cat() {
  PassRow row = variadic_row("remove-list-mutation-and-use-variadic-cat", "RemoveListMutationAndUseVariadicCat");
  row.looks_for = "aten::cat of a list that the graph makes";
  row.summary = "Completes lists and replaces aten::cat of them by prim::VarConcat";
  row.description = "Repeats remove-list-mutation and use-variadic-cat until neither changes anything, so that lists "
                    "built by aten::append are included.";
  row.example = appended_example;
  row.run =
      on_graph([](GraphPtr& graph) { jit::RemoveListMutationAndUseVariadicCat(graph); }, {{"aten::cat"}, "aten::cat"});
  return row;
}

PassRow remove_list_mutation_and_use_variadic_stack() {
  PassRow row = variadic_row("remove-list-mutation-and-use-variadic-stack", "RemoveListMutationAndUseVariadicStack");
  row.looks_for = "aten::stack of a list that the graph makes";
  row.summary = "Completes lists and replaces aten::stack of them by prim::VarStack";
  row.description = "Repeats remove-list-mutation and use-variadic-stack until neither changes anything, so that lists "
                    "built by aten::append are included.";
  row.example = stacked(appended_example);
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveListMutationAndUseVariadicStack(graph); },
                     {{"aten::stack"}, "aten::stack"});
  return row;
}

PassRow remove_list_mutation_and_use_variadic_op() {
  PassRow row = variadic_row("remove-list-mutation-and-use-variadic-op", "RemoveListMutationAndUseVariadicOp");
  row.options = operator_options();
  row.looks_for = "the operator `op` on a list that the graph makes";
  row.summary = "Completes lists and replaces an operator on them by one on their elements";
  row.description = "Repeats remove-list-mutation and use-variadic-op until neither changes anything, so that lists "
                    "built by aten::append are included.";
  row.example = appended_example;
  row.run = on_operators(jit::RemoveListMutationAndUseVariadicOp);
  return row;
}

} // namespace

void register_variadic(Registry& registry) {
  registry.add(use_variadic_cat());
  registry.add(use_variadic_stack());
  registry.add(use_variadic_op());
  registry.add(remove_list_mutation_and_use_variadic_cat());
  registry.add(remove_list_mutation_and_use_variadic_stack());
  registry.add(remove_list_mutation_and_use_variadic_op());
}

} // namespace tsir
