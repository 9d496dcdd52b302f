// Guards and bail-outs, which LibTorch's executor used to make from profiled types.
#include "lib/pass/refused.h"
#include "passes/profiling.h"

#include <torch/csrc/jit/passes/bailout_graph.h>
#include <torch/csrc/jit/passes/guard_elimination.h>
#include <torch/csrc/jit/passes/insert_guards.h>
#include <torch/csrc/jit/passes/remove_redundant_profiles.h>

namespace tsir {
namespace {

const Wanted guards{{"prim::Guard"}, "prim::Guard"};

PassRow remove_redundant_profiles() {
  PassRow row;
  row.name = "remove-redundant-profiles";
  row.function = "torch::jit::RemoveRedundantProfiles";
  row.header = "torch/csrc/jit/passes/remove_redundant_profiles.h";
  row.needs = {Need::profile_nodes};
  row.executable = false;
  row.savable = false;
  row.order = "after passes that inlined or unrolled instrumented nodes";
  row.looks_for = "prim::profile of the result of a prim::profile with the same type";
  row.summary = "Removes a prim::profile of another prim::profile's result";
  row.description = "If a prim::profile takes the result of another one that holds the same type, one of the two is "
                    "removed. LibTorch compares the types by identity, not by value. In effect only nodes that have "
                    "not seen anything yet, whose type is plain Tensor, count as equal. Nodes parsed from text, as in "
                    "the example, can be inspected but not run.";
  row.example = R"(graph(%x : Tensor):
  %once : Tensor = prim::profile[profiled_type=Tensor, seen_none=0](%x)
  %twice : Tensor = prim::profile[profiled_type=Tensor, seen_none=0](%once)
  %y : Tensor = aten::relu(%twice)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveRedundantProfiles(graph); }, profile_nodes);
  return row;
}

// A guard of an optional tensor has no schema, so every pass that uses alias analysis would throw.
void drop_profiles_of_optionals(jit::Block& block) {
  for (auto it = block.nodes().begin(); it != block.nodes().end();) {
    jit::Node* node = *it++;
    for (jit::Block* inner : node->blocks()) {
      drop_profiles_of_optionals(*inner);
    }
    if (node->kind() == c10::prim::profile && node->inputs().size() == 1 && node->outputs().size() == 1 &&
        node->input()->type()->kind() != c10::TypeKind::TensorType) {
      node->output()->replaceAllUsesWith(node->input());
      node->destroy();
    }
  }
}

PassRow insert_guards() {
  PassRow row = row_on_profiles();
  row.name = "insert-guards";
  row.function = "torch::jit::InsertGuards";
  row.header = "torch/csrc/jit/passes/insert_guards.h";
  row.savable = false;
  row.executable = false;
  row.order = "after instrument-graph, before eliminate-redundant-guards and insert-bail-outs";
  row.looks_for = "prim::profile nodes";
  row.summary = "Replaces prim::profile nodes by prim::Guard nodes with the types seen";
  row.description = "Each prim::profile becomes a prim::Guard whose result has the profiled type, so that later passes "
                    "may rely on it. A guard cannot be run: insert-bail-outs replaces it by a node that can. Profiles "
                    "of optional tensors are removed without a guard.";
  row.run = on_graph(
      [](GraphPtr& graph) {
        drop_profiles_of_optionals(*graph->block());
        jit::InsertGuards(graph);
      },
      profile_nodes);
  return row;
}

PassRow eliminate_redundant_guards() {
  PassRow row = row_on_profiles();
  row.name = "eliminate-redundant-guards";
  row.function = "torch::jit::EliminateRedundantGuards";
  row.header = "torch/csrc/jit/passes/guard_elimination.h";
  row.needs = {};
  row.savable = false;
  row.executable = false;
  row.order = "after insert-guards, before insert-bail-outs";
  row.looks_for = "prim::Guard nodes";
  row.summary = "Removes prim::Guard nodes whose type follows from other guards";
  row.description =
      "Moves guards up to where their value is made, keeps one of several guards of the same value, and removes guards "
      "of results whose type follows from the guarded or constant inputs of their operator: element-wise operators, "
      "mm, convolutions, poolings, cat, slice and some more. Guards of values that are written to stay.";
  row.example_passes = "instrument-graph,insert-guards";
  row.run = on_graph([](GraphPtr& graph) { jit::EliminateRedundantGuards(graph); }, guards);
  return row;
}

PassRow insert_bail_outs() {
  PassRow row = row_on_profiles();
  row.name = "insert-bail-outs";
  row.function = "torch::jit::InsertBailOuts";
  row.header = "torch/csrc/jit/passes/bailout_graph.h";
  row.needs = {};
  row.savable = false;
  row.idempotent = false;
  row.order = "after insert-guards and eliminate-redundant-guards";
  row.looks_for = "prim::Guard nodes";
  row.summary = "Replaces prim::Guard by prim::BailOut, which leaves the graph if a type does not match";
  row.description = "Each prim::Guard becomes a prim::BailOut that takes the guarded tensor, the counters of the loops "
                    "around it and all values that are still needed. If the type does not match at run time, the rest "
                    "of the work is done by a graph without guards. That graph is made on demand from the copy of the "
                    "whole graph that prim::BailoutTemplate holds (build-bail-out-graph-from shows it). LibTorch's own "
                    "executor no longer uses bail-outs, but they can still be run.";
  row.example_passes = "instrument-graph,insert-guards";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    std::string note = missing(*unit.graph(), guards);
    if (note.empty()) { // otherwise LibTorch adds a prim::BailoutTemplate that nothing uses
      jit::InsertBailOuts(unit.graph());
    }
    return note;
  };
  return row;
}

const jit::Node* find_template(const jit::Graph& graph) {
  for (const jit::Node* node : graph.nodes()) {
    if (node->kind() == c10::prim::BailoutTemplate) {
      return node;
    }
  }
  return nullptr;
}

bool has_bail_out(const jit::Block& block, int64_t index) {
  return std::ranges::any_of(block.nodes(), [index](const jit::Node* node) {
    return (node->kind() == c10::prim::BailOut && node->hasAttribute(c10::attr::index) &&
            node->i(c10::attr::index) == index) ||
           std::ranges::any_of(node->blocks(),
                               [index](const jit::Block* inner) { return has_bail_out(*inner, index); });
  });
}

PassRow build_bail_out_graph_from() {
  PassRow row = row_on_profiles();
  row.name = "build-bail-out-graph-from";
  row.function = "torch::jit::BuildBailOutGraphFrom";
  row.header = "torch/csrc/jit/passes/bailout_graph.h";
  row.options = {{"bailout-index", int64_t{0}, "index of the prim::BailOut node", {}}};
  row.needs = {};
  row.keeps_interface = false;
  row.idempotent = false;
  row.order = "after insert-bail-outs";
  row.looks_for = "prim::BailOut nodes";
  row.summary = "Builds the graph that continues where a prim::BailOut leaves";
  row.description = "Replaces the unit by a graph that does the work from the prim::BailOut with the given index on. "
                    "Its inputs are the guarded tensor, the counters of the loops around it and the values still "
                    "needed. Guards are removed. For a prim::BailOut inside a loop, the rest of the iteration comes "
                    "first, then the loop with its remaining iterations.";
  row.example_passes = "instrument-graph,insert-guards,insert-bail-outs";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    const jit::Node* node = find_template(*unit.graph());
    if (node == nullptr) {
      return "found no prim::BailoutTemplate: run insert-bail-outs first";
    }
    const int64_t index = context.options.integer("bailout-index");
    const GraphPtr whole = node->g(c10::attr::Subgraph);
    if (!has_bail_out(*whole->block(), index)) {
      throw Refused(fmt::format("no prim::BailOut has the index {}", index));
    }
    GraphPtr rest = jit::BuildBailOutGraphFrom(index, whole, std::make_shared<jit::Graph>());
    unit = Unit::of_graph(std::move(rest), unit.name());
    return "";
  };
  return row;
}

} // namespace

void register_profiling_guards(Registry& registry) {
  registry.add(remove_redundant_profiles());
  registry.add(insert_guards());
  registry.add(eliminate_redundant_guards());
  registry.add(insert_bail_outs());
  registry.add(build_bail_out_graph_from());
}

} // namespace tsir
