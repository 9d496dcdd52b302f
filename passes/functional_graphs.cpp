// Moves the functional parts of a graph, which write nothing, into subgraphs and back.
#include "passes/mutation.h"

#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/create_functional_graphs.h>

namespace tsir {
namespace {

constexpr auto functional_example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor = aten::mul(%x, %y)
  %2 : Tensor = aten::add(%1, %y, %one)
  %3 : Tensor = aten::relu(%2)
  %4 : Tensor = aten::neg(%3)
  %5 : Tensor = aten::sigmoid(%4)
  %6 : Tensor = aten::tanh(%5)
  %7 : Tensor = aten::mul(%6, %5)
  %8 : Tensor = aten::abs(%7)
  %9 : Tensor = aten::add_(%8, %x, %one)
  return (%9)
)";

PassRow create_functional_graphs() {
  PassRow row;
  row.name = "create-functional-graphs";
  row.function = "torch::jit::CreateFunctionalGraphs";
  row.header = "torch/csrc/jit/passes/create_functional_graphs.h";
  row.savable = false;
  row.executable = false;
  row.idempotent = false; // pools constants within existing groups
  row.order = "after inline; inline-functional-graphs undoes it";
  row.looks_for =
      "six or more nodes that write nothing, and whose values neither escape from the graph nor are written";
  row.summary = "Moves the parts of a graph that write nothing into subgraphs";
  row.description =
      "Nodes that write nothing, whose inputs are not written and whose outputs neither escape from the graph nor are "
      "written, move into prim::FunctionalGraph nodes of at least six nodes each. Constants are pooled. Meant for "
      "passes that work on such parts only: the interpreter cannot run a prim::FunctionalGraph.";
  row.example = functional_example;
  row.run = on_graph([](GraphPtr& graph) { jit::CreateFunctionalGraphs(graph); });
  return row;
}

PassRow inline_functional_graphs() {
  PassRow row;
  row.name = "inline-functional-graphs";
  row.function = "torch::jit::InlineFunctionalGraphs";
  row.header = "torch/csrc/jit/passes/create_functional_graphs.h";
  row.order = "after create-functional-graphs";
  row.looks_for = "prim::FunctionalGraph, which create-functional-graphs makes";
  row.summary = "Inlines prim::FunctionalGraph nodes back into the graph";
  row.description = "Every prim::FunctionalGraph is replaced by the nodes of its subgraph, also in nested blocks. This "
                    "undoes create-functional-graphs, except for pooled constants and the order of nodes.";
  row.example = functional_example;
  row.example_passes = "create-functional-graphs";
  row.run = on_graph([](GraphPtr& graph) { jit::InlineFunctionalGraphs(graph); },
                     {{"prim::FunctionalGraph"}, "prim::FunctionalGraph"});
  return row;
}

} // namespace

void register_functional_graphs(Registry& registry) {
  registry.add(create_functional_graphs());
  registry.add(inline_functional_graphs());
}

} // namespace tsir
