// Control flow: prim::If, exceptions, warnings, and refinement of values and types.
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/add_if_then_else.h>
#include <torch/csrc/jit/passes/annotate_warns.h>
#include <torch/csrc/jit/passes/integer_value_refinement.h>
#include <torch/csrc/jit/passes/refine_tuple_types.h>
#include <torch/csrc/jit/passes/remove_exceptions.h>

namespace tsir {
namespace {

const Wanted ifs{{"prim::If"}, "prim::If"};

PassRow add_if_then_else_op() {
  PassRow row;
  row.name = "add-if-then-else-op";
  row.function = "torch::jit::AddIfThenElseOp";
  row.header = "torch/csrc/jit/passes/add_if_then_else.h";
  row.savable = false; // as code it returns Any, which does not match the type of any use
  row.looks_for = "prim::If with empty blocks and one output";
  row.summary = "Replaces a prim::If that only selects one of two values by one operator";
  row.description = "A prim::If with one output, whose blocks contain no nodes, becomes a prim::IfThenElse of the "
                    "condition and the two values. Made for static runtime, where a prim::If costs more.";
  row.example = R"(graph(%x : Tensor, %y : Tensor, %condition : bool):
  %chosen : Tensor = prim::If(%condition)
    block0():
      -> (%x)
    block1():
      -> (%y)
  %z : Tensor = aten::relu(%chosen)
  return (%z)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::AddIfThenElseOp(graph); }, ifs);
  row.host = one_call(row.function, row.header);
  return row;
}

bool raises(const jit::Block& block) {
  return std::ranges::any_of(block.nodes(),
                             [](const jit::Node* node) { return node->kind() == c10::prim::RaiseException; });
}

bool is_inside(const jit::Node* node, const jit::Block* block) {
  for (const jit::Block* at = node->owningBlock(); at != nullptr;
       at = at->owningNode() != nullptr ? at->owningNode()->owningBlock() : nullptr) {
    if (at == block) {
      return true;
    }
  }
  return false;
}

// LibTorch fixes the condition everywhere, also where the prim::If that raises may not have run.
bool fixes_too_much(const jit::Node& node) {
  if (node.kind() != c10::prim::If || node.blocks().size() != 2 ||
      (!raises(*node.blocks()[0]) && !raises(*node.blocks()[1]))) {
    return false;
  }
  return std::ranges::any_of(node.input()->uses(),
                             [&](const jit::Use& use) { return !is_inside(use.user, node.owningBlock()); });
}

PassRow eliminate_exceptions() {
  PassRow row;
  row.name = "eliminate-exceptions";
  row.function = "torch::jit::EliminateExceptions";
  row.header = "torch/csrc/jit/passes/remove_exceptions.h";
  row.runs_operators = true;
  row.idempotent = false; // if it finds nothing, it leaves its two constants behind
  row.order = "after inline";
  row.looks_for = "prim::If with a branch that raises an exception (assertions)";
  row.summary = "Removes assertions, assuming that no exception is ever raised";
  row.description =
      "If one branch of a prim::If contains prim::RaiseException, the condition becomes, everywhere, the constant that "
      "avoids it. Then constant-propagation and constant-pooling run and remove the prim::If. A model that would have "
      "raised an exception continues with wrong values instead. tsir refuses a graph that reads such a condition where "
      "the assertion may not have run, because LibTorch would change its value there too.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    assert x.dim() == 2, "a matrix is needed"
    return torch.relu(x)
)";
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::EliminateExceptions(graph); },
                             {{"prim::RaiseException"}, "prim::RaiseException"})](Unit& unit,
                                                                                  const PassContext& context) {
    if (find_node(*unit.graph(), fixes_too_much) != nullptr) {
      throw Refused("the condition of an assertion inside a block is also read outside the block, where "
                    "LibTorch would give it a value that it may not have");
    }
    return pass(unit, context);
  };
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow refine_integer_values() {
  PassRow row;
  row.name = "refine-integer-values";
  row.function = "torch::jit::RefineIntegerValues";
  row.header = "torch/csrc/jit/passes/integer_value_refinement.h";
  row.order = "after inline; constant-propagation after it";
  row.looks_for = "integers that are compared with a constant and read where the comparison holds";
  row.summary = "Replaces an integer by a constant where a comparison has fixed its value";
  row.description =
      "Inside the branch of `if n == 3` (or the other branch of `if n != 3`), and after an assertion of it, uses of n "
      "become the constant 3. Comparisons joined by `and` and `or` are understood too. A prim::If that returns 3 if n "
      "is 3, and n otherwise, becomes n. Symbolic shape analysis uses this pass to fold its shape functions.";
  row.example = R"(graph(%x : Tensor):
  %zero : int = prim::Constant[value=0]()
  %four : int = prim::Constant[value=4]()
  %rows : int = aten::size(%x, %zero)
  %is_four : bool = aten::eq(%rows, %four)
  %n : int = prim::If(%is_four)
    block0():
      %twice : int = aten::mul(%rows, %rows)
      -> (%twice)
    block1():
      -> (%zero)
  return (%n)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RefineIntegerValues(graph); }, ifs);
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_refine_integer_values"});
  return row;
}

// LibTorch's pass throws std::bad_weak_ptr on a tuple whose types are already exact, so make these less exact first.
void loosen_exact_tuples(jit::Block& block) {
  for (jit::Node* node : block.nodes()) {
    for (jit::Block* inner : node->blocks()) {
      loosen_exact_tuples(*inner);
    }
    const auto type =
        node->kind() == c10::prim::TupleConstruct ? node->output()->type()->cast<c10::TupleType>() : nullptr;
    const auto inputs = node->inputs();
    if (!type || type->elements().size() != inputs.size() ||
        !std::ranges::equal(type->elements(), inputs, [](const c10::TypePtr& element, const jit::Value* input) {
          return *element == *input->type();
        })) {
      continue;
    }
    if (inputs.empty()) {
      throw Refused("the graph makes an empty tuple, on which LibTorch's pass throws");
    }
    node->output()->setType(type->withContained(std::vector<c10::TypePtr>(inputs.size(), c10::AnyType::get())));
  }
}

PassRow refine_tuple_types() {
  PassRow row;
  row.name = "refine-tuple-types";
  row.function = "torch::jit::RefineTupleTypes";
  row.header = "torch/csrc/jit/passes/refine_tuple_types.h";
  row.order = "after passes that give values their types: propagate-input-shapes, freeze-module";
  row.looks_for = "prim::TupleConstruct whose inputs have more specific types than its output";
  row.summary = "Gives tuples the types of their elements";
  row.description =
      "The output of every prim::TupleConstruct gets the types of its inputs as element types, also in nested blocks. "
      "The names of a NamedTuple are kept. The types of values that are read from the tuple later do not change.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %y : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  %pair : (Tensor, Tensor) = prim::TupleConstruct(%x, %y)
  return (%pair)
)";
  row.run = on_graph(
      [](GraphPtr& graph) {
        loosen_exact_tuples(*graph->block());
        jit::RefineTupleTypes(graph);
      },
      {{"prim::TupleConstruct"}, "prim::TupleConstruct"});
  return row;
}

PassRow annotate_warns() {
  PassRow row;
  row.name = "annotate-warns";
  row.function = "torch::jit::AnnotateWarns";
  row.header = "torch/csrc/jit/passes/annotate_warns.h";
  row.idempotent = false; // numbering continues from the last run
  row.order = "after passes that copy nodes: inline, unroll-loops";
  row.looks_for = "aten::warn";
  row.summary = "Numbers warnings, so that each is printed only once";
  row.description = "Every aten::warn gets an attribute warn_id with a unique number, counted over the lifetime of the "
                    "process. The interpreter prints the warning of each number only once. A .pt does not keep the "
                    "numbers: loading assigns new ones.";
  row.example = R"(def forward(self, x: Tensor) -> Tensor:
    torch.warn("this form is old", 2)
    return torch.relu(x)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::AnnotateWarns(graph); }, {{"aten::warn"}, "aten::warn"});
  row.host = one_call(row.function, row.header);
  return row;
}

} // namespace

void register_control_flow(Registry& registry) {
  registry.add(add_if_then_else_op());
  registry.add(eliminate_exceptions());
  registry.add(refine_integer_values());
  registry.add(refine_tuple_types());
  registry.add(annotate_warns());
}

} // namespace tsir
