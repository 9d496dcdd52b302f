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
  row.summary = "Unrolls for-loops by eight, or fully if the count is a small constant";
  row.description =
      "A for-loop (its condition is always true) whose body has at most 32 nodes is unrolled 8 times, with a loop for "
      "the remaining iterations. With a constant count of up to 8 it is replaced by its iterations. Loops that may end "
      "early and loops with large bodies are left unchanged. Of nested loops, the innermost are unrolled.";
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
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_loop_unrolling"});
  return row;
}

PassRow unroll_constant_loops() {
  PassRow row;
  row.name = "unroll-constant-loops";
  row.function = "torch::jit::UnrollConstantLoops";
  row.header = "torch/csrc/jit/passes/loop_unrolling.h";
  row.order = "after constant-propagation, which makes counts constant";
  row.looks_for = "for-loops with a constant count";
  row.summary = "Replaces loops with a constant count by their iterations, whatever their size";
  row.description = "A for-loop (its condition is always true) with a constant number of iterations is replaced by "
                    "that many copies of its body. Bodies of any size are copied, so the graph may grow a lot.";
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
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_constant_loop_unrolling"});
  return row;
}

// A loop that carries %state and whose count is not known.
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

// Innermost first, because peeling a loop copies the loops inside it.
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
  row.options = {{"times", int64_t{1}, "number of iterations in the first loop", {}}};
  row.wrong_options = at_least("times", 1);
  row.idempotent = false;
  row.savable = false; // code can express a loop only as `for` or `while`
  row.order = "canonicalize-modified-loops after it, before saving: a .pt cannot hold the peeled loop as it is";
  row.looks_for = "prim::Loop";
  row.summary = "Splits every loop in two: one for the first iterations, and one for the rest";
  row.description = "A copy of every prim::Loop is inserted before it. The copy runs at most `times` iterations and "
                    "passes on its state and its condition. The loop itself runs the remaining iterations, with its "
                    "counter advanced. So the first iteration can have other types than the rest. Both remain loops. "
                    "LibTorch's function takes one loop; the row runs it on all loops of the graph, innermost first.";
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
                  "peel loops that contain any of these: aten::mul;aten::add; empty: any node that reads a tensor",
                  {}},
                 {"num-iterations", int64_t{1}, "number of iterations in the first loop", {}}};
  row.wrong_options = at_least("num-iterations", 1);
  row.idempotent = false;
  row.savable = false; // as in peel-loop
  row.order = "before instrument-graph, so that the first iteration gets its own types; canonicalize-modified-loops "
              "before saving";
  row.looks_for = "loops that contain one of the operators, or any node that reads a tensor";
  row.summary = "Peels loops that contain certain operators";
  row.description = "Runs peel-loop on the innermost loops around a node with one of the given operators. Without "
                    "operators, any node that reads a tensor counts, as when LibTorch's executor peels loops before it "
                    "profiles (peel-profiling-loops). A loop whose matching nodes are in the blocks of several "
                    "prim::If is peeled once for each of these.";
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
  row.order = "before saving; LibTorch runs it on graphs that it prints as code";
  row.looks_for = "loops with both a count and a condition, such as `for` with `break`";
  row.summary = "Rewrites loops with a count and a condition as while-loops";
  row.description = "A prim::Loop that may end early and has a maximum count, such as a `for` with `break`, gets an "
                    "unlimited count and a condition that tests both. The counter becomes another value that the loop "
                    "carries. Python's syntax cannot express the original form. TorchScript's compiler runs this pass "
                    "itself, but unrolling and peeling can make such loops again.";
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
  row.host = one_call(row.function, row.header);
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
