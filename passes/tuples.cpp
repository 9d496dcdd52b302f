// Lowering of tuples to their elements.
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/lower_tuples.h>

namespace tsir {
namespace {

PassRow lower_simple_tuples() {
  PassRow row;
  row.name = "lower-simple-tuples";
  row.function = "torch::jit::LowerSimpleTuples";
  row.header = "torch/csrc/jit/passes/lower_tuples.h";
  row.order = "after inline";
  row.looks_for = "tuples that are unpacked in the graph that makes them";
  row.summary = "Removes tuples that are made and unpacked again";
  row.description = "If a tuple made by prim::TupleConstruct is unpacked, indexed or sliced, its elements are used "
                    "directly. Tuples that enter or leave the graph or a block stay; see lower-all-tuples.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %pair : (Tensor, Tensor) = prim::TupleConstruct(%x, %y)
  %a : Tensor, %b : Tensor = prim::TupleUnpack(%pair)
  %c : Tensor = aten::matmul(%b, %a)
  return (%c)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::LowerSimpleTuples(graph); },
                     {{"prim::TupleConstruct"}, "prim::TupleConstruct"});
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow lower_all_tuples() {
  PassRow row;
  row.name = "lower-all-tuples";
  row.function = "torch::jit::LowerAllTuples";
  row.header = "torch/csrc/jit/passes/lower_tuples.h";
  row.savable = false;
  row.keeps_interface = false;
  row.order = "after inline";
  row.looks_for = "tuples";
  row.summary = "Removes all tuples, including those of inputs and outputs";
  row.description = "Tuples among the inputs and outputs of the graph and its blocks become several inputs and "
                    "outputs. The graph must then be called in another way: its results are the elements, one after "
                    "the other. Made for exporters: a method of a module no longer matches its schema afterwards. "
                    "Fails if a tuple is an operand of an operator that needs one.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : (Tensor, Tensor) = prim::TupleConstruct(%1, %y)
  return (%2)
)";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    const std::string calls = calls_note(*unit.graph());
    const std::string line = "a tuple that the graph does not make itself cannot be lowered" +
                             (calls.empty() ? std::string() : "; " + calls);
    // Where it throws, it has lowered some tuples already: so it is tried on a copy.
    refuse_where_it_says({Message::tuples_left, Message::tuple_not_made_here, Message::tuple_index_not_constant}, line,
                         [&] {
                           GraphPtr copy = unit.graph()->copy();
                           jit::LowerAllTuples(copy);
                         });
    jit::LowerAllTuples(unit.graph());
    return "";
  };
  return row;
}

} // namespace

void register_tuples(Registry& registry) {
  registry.add(lower_simple_tuples());
  registry.add(lower_all_tuples());
}

} // namespace tsir
