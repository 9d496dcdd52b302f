// Clean-up: dead code, common subexpressions, constants, peepholes, canonical form.
#include "lib/compat/versions.h"
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
  row.options = {
      {"side-effect-policy",
       std::string(keep_side_effects),
       "whether nodes with side effects (prints, exceptions, writes) are removed too if their outputs are unused",
       {keep_side_effects, drop_side_effects}}};
  row.order = "after any pass that leaves dead nodes: peephole-optimize, constant-propagation";
  row.upstream = {
      {"pytorch#36031", "removes a write to a tensor that is returned in a tuple or list, but not by itself", ""}};
  row.looks_for = "nodes whose outputs are unused";
  row.summary = "Removes nodes whose outputs are unused";
  row.description =
      "Removes every node whose outputs are unused and that has no side effects, also inside prim::If and prim::Loop, "
      "and removes unused outputs of prim::If and prim::Loop. In-place operators are removed too if alias analysis "
      "shows that nothing reads what they write. With side-effect-policy=allow-deleting-nodes-with-side-effects, "
      "prints, assertions and writes are treated like any other node.";
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
  row.host = [header = row.header](const PassOptions& options, const std::string&) {
    const bool drop = options.text("side-effect-policy") == drop_side_effects;
    return HostCode{
        .headers = {header},
        .cpp = fmt::format("torch::jit::EliminateDeadCode(graph{});",
                           drop ? ", torch::jit::DCESideEffectPolicy::ALLOW_DELETING_NODES_WITH_SIDE_EFFECTS" : ""),
        .python = drop                   ? "torch._C._jit_pass_dce_allow_deleting_nodes_with_side_effects(graph)"
                  : has_python_dce_graph ? "torch._C._jit_pass_dce_graph(graph)"
                                         : ""};
  };
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
      {"pytorch#75794", "merges tensors that a loop exchanges, although one of them is written in place", ""}};
  row.looks_for = "nodes that compute the same result from the same inputs";
  row.summary = "Removes repeated computations of the same expression";
  row.description = "If two nodes have the same operator, inputs and attributes, uses of the second become uses of the "
                    "first. A node of an outer block also replaces equal nodes of the blocks inside it. Left "
                    "unchanged: nodes that are not deterministic (dropout, random numbers), have side effects or "
                    "contain blocks, and nodes whose values are written in place.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::add(%x, %y, %one)
  %b : Tensor = aten::add(%x, %y, %one)
  %product : Tensor = aten::mul(%a, %b)
  return (%product)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::EliminateCommonSubexpression(graph); });
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_cse"});
  return row;
}

PassRow constant_pooling() {
  PassRow row;
  row.name = "constant-pooling";
  row.function = "torch::jit::ConstantPooling";
  row.header = "torch/csrc/jit/passes/constant_pooling.h";
  row.idempotent =
      false; // each run reverses the order of the constants: each is moved in front of the one moved before it
  row.order = "after passes that create constants: constant-propagation, freeze-module, inline";
  row.looks_for = "equal constants, and constants that are not at the beginning of the graph";
  row.summary = "Merges equal constants and moves them to the beginning of the graph";
  row.description =
      "Constants of equal value become one node, which moves to the beginning of the graph so that every block can use "
      "it. Constants that may be written in place, or that may be aliased outside the graph, are not merged.";
  row.example = R"(graph(%x : Tensor):
  %1 : int = prim::Constant[value=2]()
  %a : Tensor = aten::mul(%x, %1)
  %3 : int = prim::Constant[value=2]()
  %b : Tensor = aten::mul(%a, %3)
  return (%b)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::ConstantPooling(graph); });
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_constant_pooling"});
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
                  "skip the rewrites that need shapes (which turn sizes of known tensors into constants)",
                  {}}};
  row.order = "after inline and propagate-input-shapes; eliminate-dead-code after it";
  row.looks_for = "patterns such as x.t().t(), x * 1, len of a newly made list, comparisons with None";
  row.summary = "Simplifies small patterns";
  row.description =
      "Rewrites the graph node by node. x.t().t(), x * 1, x + 0 and x.expand to its own size become x. Conversions to "
      "the type that a tensor already has are removed. Idioms on lists and dicts (len, indexing of a newly made list) "
      "are computed. Comparisons with None are decided from types, and sizes, dtypes and devices that the types carry "
      "become constants. Dead nodes stay until eliminate-dead-code.";
  row.example = R"(graph(%x : Tensor):
  %1 : Tensor = aten::t(%x)
  %2 : Tensor = aten::t(%1)
  %3 : Tensor = aten::relu(%2)
  return (%3)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    jit::PeepholeOptimize(graph, options.flag("disable-shape-peepholes"));
  });
  row.host = one_call(row.function, row.header, {"disable-shape-peepholes"},
                      {"_jit_pass_peephole", {"disable-shape-peepholes"}});
  return row;
}

PassRow canonicalize() {
  PassRow row;
  row.name = "canonicalize";
  row.function = "torch::jit::Canonicalize";
  row.header = "torch/csrc/jit/passes/canonicalize.h";
  row.options = {{"keep-unique-names", true, "keep debug names; false: number every value", {}}};
  row.summary = "Renumbers values in order";
  row.description = "Renames values to %0, %1 and so on, in order, and changes nothing else. tsir renumbers values "
                    "whenever it prints a graph, so the only visible effect is that keep-unique-names=false drops "
                    "debug names. The pass never counts as a change of the graph.";
  row.example = R"(graph(%input : Tensor):
  %scaled : Tensor = aten::relu(%input)
  %result : Tensor = aten::neg(%scaled)
  return (%result)
)";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    const bool keep = context.options.flag("keep-unique-names");
    unit.replace_graph(*jit::Canonicalize(unit.graph(), keep));
    for (size_t i = 0; !keep && i < unit.graph()->inputs().size(); ++i) {
      unit.graph()->inputs()[i]->setDebugName(""); // replace_graph does not rename inputs
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
  row.looks_for = "outputs of prim::If and prim::Loop that are not in the order of their first use";
  row.summary = "Reorders the outputs of prim::If and prim::Loop by their first use";
  row.description = "Reorders the outputs of prim::If, and the values that prim::Loop carries, by where each is first "
                    "used. Graphs that differ only in this order become equal.";
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
  row.host = one_call(row.function, row.header);
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
