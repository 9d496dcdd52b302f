// Clean-up: what is dead, doubled, or simpler when written otherwise.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/canonicalize.h>
#include <torch/csrc/jit/passes/common_subexpression_elimination.h>
#include <torch/csrc/jit/passes/constant_pooling.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/peephole.h>

namespace tsir {
namespace {

constexpr auto keep_side_effects = "dont-delete-nodes-with-side-effects";
constexpr auto drop_side_effects = "allow-deleting-nodes-with-side-effects";

PassRow eliminate_dead_code() {
  PassRow row;
  row.name = "eliminate-dead-code";
  row.aliases = {"dce"};
  row.function = "torch::jit::EliminateDeadCode";
  row.header = "torch/csrc/jit/passes/dead_code_elimination.h";
  row.options = {{"side-effect-policy",
                  std::string(keep_side_effects),
                  "whether nodes with side effects (prints, raises, writes) go too where nothing uses their outputs",
                  {keep_side_effects, drop_side_effects}}};
  row.order = "after any pass that leaves dead nodes: peephole-optimize, constant-propagation";
  row.upstream = {
      {"pytorch#36031", "drops a write to a tensor that is returned in a tuple or list, and not by itself", ""}};
  row.looks_for = "nodes whose outputs nobody uses";
  row.summary = "Removes nodes whose outputs nobody uses";
  row.description =
      "Removes every node whose outputs are unused and which has no side effect, also inside prim::If and prim::Loop, "
      "with "
      "outputs of these that nobody reads. Alias analysis lets it remove in-place operators too, where nothing reads "
      "what "
      "they write. With side-effect-policy=allow-deleting-nodes-with-side-effects, prints, assertions and writes are "
      "treated like any other node.";
  row.example = R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %used : Tensor = aten::relu(%x)
  %unused : Tensor = aten::add(%used, %x, %one)
  return (%used)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    using Policy = jit::DCESideEffectPolicy;
    jit::EliminateDeadCode(graph, options.text("side-effect-policy") == drop_side_effects
                                      ? Policy::ALLOW_DELETING_NODES_WITH_SIDE_EFFECTS
                                      : Policy::DONT_DELETE_NODES_WITH_SIDE_EFFECTS);
  });
  return row;
}

PassRow eliminate_common_subexpression() {
  PassRow row;
  row.name = "eliminate-common-subexpression";
  row.aliases = {"cse"};
  row.function = "torch::jit::EliminateCommonSubexpression";
  row.header = "torch/csrc/jit/passes/common_subexpression_elimination.h";
  row.order = "after constant-pooling and inline, which make equal expressions visible";
  row.upstream = {
      {"pytorch#75794", "merges tensors that change places in a loop, though one of them is written to", ""}};
  row.looks_for = "nodes that compute the same from the same inputs";
  row.summary = "Computes equal expressions once";
  row.description =
      "Where two nodes have the same operator, inputs and attributes, uses of the second become uses of the first. A "
      "node "
      "of an outer block also stands for equal nodes of the blocks inside it. Left alone: nodes that are not "
      "deterministic "
      "(dropout, random numbers), have side effects, hold blocks, or whose values some node writes in place.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::add(%x, %y, %one)
  %b : Tensor = aten::add(%x, %y, %one)
  %product : Tensor = aten::mul(%a, %b)
  return (%product)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::EliminateCommonSubexpression(graph); });
  return row;
}

PassRow constant_pooling() {
  PassRow row;
  row.name = "constant-pooling";
  row.function = "torch::jit::ConstantPooling";
  row.header = "torch/csrc/jit/passes/constant_pooling.h";
  row.idempotent = false; // each run turns the order of the constants around: every one goes before the one moved last
  row.order = "after what makes constants: constant-propagation, freeze-module, inline";
  row.looks_for = "equal constants, and constants that are not at the top";
  row.summary = "Merges equal constants and moves them to the top";
  row.description = "Constants of equal value become one node, which moves to the beginning of the graph so that every "
                    "block can use it. "
                    "Constants that something may write in place, or whose alias may leave the graph, stay apart.";
  row.example = R"(graph(%x : Tensor):
  %1 : int = prim::Constant[value=2]()
  %a : Tensor = aten::mul(%x, %1)
  %3 : int = prim::Constant[value=2]()
  %b : Tensor = aten::mul(%a, %3)
  return (%b)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::ConstantPooling(graph); });
  return row;
}

PassRow peephole_optimize() {
  PassRow row;
  row.name = "peephole-optimize";
  row.aliases = {"peephole"};
  row.function = "torch::jit::PeepholeOptimize";
  row.header = "torch/csrc/jit/passes/peephole.h";
  row.options = {{"disable-shape-peepholes",
                  false,
                  "leave out those that need shapes (sizes of known tensors become constants)",
                  {}}};
  row.order = "after inline and propagate-input-shapes; eliminate-dead-code after it";
  row.looks_for = "patterns such as x.t().t(), x * 1, len of a list just made, comparisons with None";
  row.summary = "Rewrites small patterns into simpler ones";
  row.description = "Works node by node: x.t().t() is x, x * 1 and x + 0 are x, x.expand to its own size is x, "
                    "conversions to the type a "
                    "tensor has already vanish, list and dict idioms (len, indexing of a list just made) are computed, "
                    "comparisons with "
                    "None are decided from types, and sizes, dtypes and devices that the types carry become constants. "
                    "Dead nodes stay "
                    "until eliminate-dead-code.";
  row.example = R"(graph(%x : Tensor):
  %1 : Tensor = aten::t(%x)
  %2 : Tensor = aten::t(%1)
  %3 : Tensor = aten::relu(%2)
  return (%3)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    jit::PeepholeOptimize(graph, options.flag("disable-shape-peepholes"));
  });
  return row;
}

PassRow canonicalize() {
  PassRow row;
  row.name = "canonicalize";
  row.function = "torch::jit::Canonicalize";
  row.header = "torch/csrc/jit/passes/canonicalize.h";
  row.options = {{"keep-unique-names", true, "keep names that people gave; false: number every value", {}}};
  row.summary = "Numbers values afresh in their order";
  row.description =
      "Renames values only: %0, %1 and on in order. tsir prints graphs with fresh numbers anyway, so this shows where "
      "keep-unique-names=false drops the names that people gave. It never counts as a change of the graph.";
  row.example = R"(graph(%input : Tensor):
  %scaled : Tensor = aten::relu(%input)
  %result : Tensor = aten::neg(%scaled)
  return (%result)
)";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    const bool keep = context.options.flag("keep-unique-names");
    unit.replace_graph(*jit::Canonicalize(unit.graph(), keep));
    for (size_t i = 0; !keep && i < unit.graph()->inputs().size(); ++i) {
      unit.graph()->inputs()[i]->setDebugName(""); // replace_graph leaves inputs as they are
    }
    return "";
  };
  return row;
}

PassRow canonicalize_outputs() {
  PassRow row;
  row.name = "canonicalize-outputs";
  row.function = "torch::jit::CanonicalizeOutputs";
  row.header = "torch/csrc/jit/passes/canonicalize.h";
  row.looks_for = "outputs of prim::If and prim::Loop whose order is not that of their first use";
  row.summary = "Puts the outputs of prim::If and prim::Loop into the order of their first use";
  row.description = "Reorders the outputs of prim::If, and what prim::Loop carries, by where each is used first, so "
                    "that graphs that differ "
                    "in this order only become equal.";
  row.example = R"(graph(%x : Tensor, %y : Tensor, %condition : bool):
  %a : Tensor, %b : Tensor = prim::If(%condition)
    block0():
      %1 : Tensor = aten::relu(%x)
      -> (%1, %y)
    block1():
      %2 : Tensor = aten::neg(%x)
      -> (%2, %x)
  %3 : Tensor = aten::sigmoid(%b)
  %4 : Tensor = aten::mul(%3, %a)
  return (%4)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::CanonicalizeOutputs(graph); },
                     {{"prim::If", "prim::Loop"}, "prim::If or prim::Loop"});
  return row;
}

} // namespace

void register_cleanup(Registry& registry) {
  registry.add(eliminate_dead_code());
  registry.add(eliminate_common_subexpression());
  registry.add(constant_pooling());
  registry.add(peephole_optimize());
  registry.add(canonicalize());
  registry.add(canonicalize_outputs());
}

} // namespace tsir
