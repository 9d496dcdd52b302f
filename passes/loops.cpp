// Unrolling and peeling of loops.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/frontend/canonicalize_modified_loop.h>
#include <torch/csrc/jit/passes/loop_unrolling.h>

namespace tsir {
namespace {

const Wanted loops{{"prim::Loop"}, "prim::Loop"};

PassRow unroll_loops() {
  PassRow row;
  row.name = "unroll-loops";
  row.function = "torch::jit::UnrollLoops";
  row.header = "torch/csrc/jit/passes/loop_unrolling.h";
  row.idempotent = false;
  row.order = "after constant-propagation, which makes counts constant";
  row.looks_for = "for-loops without nested loops";
  row.summary = "Unrolls for-loops: eight times, or fully where the count is a small constant";
  row.description = "A for-loop (its condition is always true) whose body has at most 32 nodes is unrolled 8 times, "
                    "with a loop for what "
                    "remains; with a constant count of up to 8 it is replaced by its iterations. Loops that may end "
                    "early and large bodies "
                    "stay as they are; of nested loops the innermost are unrolled.";
  row.example = R"(graph(%x : Tensor):
  %true : bool = prim::Constant[value=1]()
  %count : int = prim::Constant[value=3]()
  %y : Tensor = prim::Loop(%count, %true, %x)
    block0(%i : int, %state : Tensor):
      %next : Tensor = aten::mul(%state, %i)
      -> (%true, %next)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::UnrollLoops(graph); }, loops);
  return row;
}

PassRow unroll_constant_loops() {
  PassRow row;
  row.name = "unroll-constant-loops";
  row.function = "torch::jit::UnrollConstantLoops";
  row.header = "torch/csrc/jit/passes/loop_unrolling.h";
  row.order = "after constant-propagation, which makes counts constant";
  row.looks_for = "for-loops of constant count";
  row.summary = "Replaces loops of constant count by their iterations, however large";
  row.description = "A for-loop (its condition is always true) with a constant number of iterations becomes that many "
                    "copies of its body. "
                    "Bodies of any size are copied, so the graph may grow a lot.";
  row.example = R"(graph(%x : Tensor):
  %true : bool = prim::Constant[value=1]()
  %count : int = prim::Constant[value=10]()
  %y : Tensor = prim::Loop(%count, %true, %x)
    block0(%i : int, %state : Tensor):
      %next : Tensor = aten::mul(%state, %i)
      -> (%true, %next)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::UnrollConstantLoops(graph); }, loops);
  return row;
}

// %state grows in a loop whose count is not known.
constexpr auto counted_example = R"(graph(%x : Tensor):
  %true : bool = prim::Constant[value=1]()
  %zero : int = prim::Constant[value=0]()
  %rows : int = aten::size(%x, %zero)
  %y : Tensor = prim::Loop(%rows, %true, %x)
    block0(%i : int, %state : Tensor):
      %next : Tensor = aten::mul(%state, %i)
      -> (%true, %next)
  return (%y)
)";

// Innermost first: peeling a loop copies what is inside it.
void collect_loops(jit::Block& block, std::vector<jit::Node*>& found) {
  for (jit::Node* node : block.nodes()) {
    for (jit::Block* inner : node->blocks()) {
      collect_loops(*inner, found);
    }
    if (node->kind() == c10::prim::Loop) {
      found.push_back(node);
    }
  }
}

PassRow peel_loop() {
  PassRow row;
  row.name = "peel-loop";
  row.function = "torch::jit::PeelLoop";
  row.header = "torch/csrc/jit/passes/loop_unrolling.h";
  row.options = {{"times", int64_t{1}, "how many iterations go into the loop before", {}}};
  row.wrong_options = at_least("times", 1);
  row.idempotent = false;
  row.savable = false; // as code, a loop is `for` or `while`
  row.order = "canonicalize-modified-loops after it, before saving: a .pt cannot hold the peeled loop as it is";
  row.looks_for = "prim::Loop";
  row.summary = "Splits every loop in two: one of the first iterations, and one of the rest";
  row.description =
      "Before every prim::Loop goes a copy of it that runs at most `times` iterations and hands over its state and its "
      "condition; the loop itself runs what is left, with its counter moved on. So the types of the first iteration "
      "and those of the others can be told apart. Both remain loops. LibTorch's function takes one loop; the row runs "
      "it on all that the graph had, the innermost first.";
  row.example = counted_example;
  row.run = on_graph(
      [](GraphPtr& graph, const PassOptions& options) {
        std::vector<jit::Node*> found;
        collect_loops(*graph->block(), found);
        for (jit::Node* loop : found) {
          jit::PeelLoop(loop, static_cast<size_t>(options.integer("times")));
        }
      },
      loops);
  return row;
}

bool reads_tensors(const jit::Node& node) {
  return std::ranges::any_of(
      node.inputs(), [](const jit::Value* input) { return input->type()->isSubtypeOf(*c10::TensorType::get()); });
}

PassRow loops_peeler() {
  PassRow row;
  row.name = "loops-peeler";
  row.function = "torch::jit::LoopsPeeler";
  row.header = "torch/csrc/jit/passes/loop_unrolling.h";
  row.options = {{"operators",
                  std::vector<std::string>{},
                  "peel the loops that hold any of these: aten::mul;aten::add; none: any node that reads a tensor",
                  {}},
                 {"num-iterations", int64_t{1}, "how many iterations go into the loop before", {}}};
  row.wrong_options = at_least("num-iterations", 1);
  row.idempotent = false;
  row.savable = false; // as above
  row.order = "before instrument-graph, so that the first iteration gets types of its own; canonicalize-modified-loops "
              "before saving";
  row.looks_for = "loops that hold one of the operators, or any node that reads a tensor";
  row.summary = "Peels the loops that hold certain operators";
  row.description =
      "peel-loop for the innermost loops around a node with one of the operators. Without operators a node counts that "
      "reads a tensor, which is what LibTorch's executor asks before it profiles (peel-profiling-loops). A loop whose "
      "matching nodes are in the blocks of several prim::If is peeled once for each of these.";
  row.example = counted_example;
  row.run = on_graph(
      [](GraphPtr& graph, const PassOptions& options) {
        const std::vector<std::string>& operators = options.list("operators");
        const auto matches = [&](const jit::Node* node) {
          return operators.empty() ? reads_tensors(*node)
                                   : std::ranges::find(operators, node->kind().toQualString()) != operators.end();
        };
        jit::LoopsPeeler(matches, static_cast<size_t>(options.integer("num-iterations"))).run(graph);
      },
      loops);
  return row;
}

PassRow canonicalize_modified_loops() {
  PassRow row;
  row.name = "canonicalize-modified-loops";
  row.function = "torch::jit::CanonicalizeModifiedLoops";
  row.header = "torch/csrc/jit/frontend/canonicalize_modified_loop.h";
  row.order = "before saving; LibTorch runs it on what it prints as code";
  row.looks_for = "loops that have both a count and a condition, which `for` with break gives";
  row.summary = "Writes loops with a count and a condition as while-loops";
  row.description =
      "A prim::Loop that may end early and has a maximum count, as `for` with `break` gives, gets an "
      "unlimited count and "
      "a condition that tests both, with the counter as one more value that it carries. Python's syntax "
      "has no form for "
      "the first kind. TorchScript's compiler runs this itself; unrolled and peeled loops can be of that kind again.";
  row.example = R"(graph(%x : Tensor, %go : bool):
  %count : int = prim::Constant[value=10]()
  %three : int = prim::Constant[value=3]()
  %y : Tensor = prim::Loop(%count, %go, %x)
    block0(%i : int, %state : Tensor):
      %next : Tensor = aten::mul(%state, %i)
      %again : bool = aten::ne(%i, %three)
      -> (%again, %next)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::CanonicalizeModifiedLoops(graph); }, loops);
  return row;
}

} // namespace

void register_loops(Registry& registry) {
  registry.add(peel_loop());
  registry.add(loops_peeler());
  registry.add(canonicalize_modified_loops());
  registry.add(unroll_loops());
  registry.add(unroll_constant_loops());
}

} // namespace tsir
