// Unrolling of loops.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/loop_unrolling.h>

namespace tsir {
namespace {

const Wanted loops{{"prim::Loop"}, "prim::Loop"};

PassRow unroll_loops() {
  PassRow row;
  row.name = "unroll-loops";
  row.function = "torch::jit::UnrollLoops";
  row.header = "torch/csrc/jit/passes/loop_unrolling.h";
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

} // namespace

void register_loops(Registry& registry) {
  registry.add(unroll_loops());
  registry.add(unroll_constant_loops());
}

} // namespace tsir
