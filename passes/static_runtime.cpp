// Static runtime: LibTorch's interpreter for inference on CPUs, which rewrites graphs before it runs them.
#include "passes/static_runtime.h"

#include "lib/compat/static_module.h"
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "lib/run/switches.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/constant_pooling.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/remove_mutation.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/passes/utils/subgraph_utils.h>

namespace tsir {
namespace {

// The graph that static runtime makes, with the input for `self`, which static runtime drops if it is unused.
GraphPtr prepared(const GraphPtr& graph, bool enable_out_variant) {
  if (!jit::canEnableStaticRuntime(graph)) {
    throw Refused("static runtime does not run this graph: it has calls (run inline or freeze first), "
                  "compares tensors by `is`, or has an operator that static runtime does not know");
  }
  GraphPtr made = graph_of_static_module(graph, enable_out_variant);
  if (made->inputs().size() + 1 == graph->inputs().size()) {
    made->insertInput(0, "self")->setType(graph->inputs()[0]->type());
  }
  return made;
}

PassRow static_module() {
  PassRow row;
  row.name = "static-module";
  row.function = "torch::jit::StaticModule";
  row.header = "torch/csrc/jit/runtime/static/impl.h";
  row.options = {{"enable-out-variant", true, "also replace operators by ones that only static runtime has", {}}};
  row.needs = {Need::inlined};
  row.runs_operators = true;
  row.savable = false;
  row.executable = false;
  row.order = "after freeze-module; last";
  row.looks_for = "what static runtime rewrites: lists, tuples, dicts, in-place operators, copies";
  row.summary = "Prepares a graph for static runtime, and shows what it would run";
  row.description =
      "Does everything that LibTorch's static runtime does to a graph before it runs it: constant-propagation, "
      "remove-tensor-mutation, eliminate-no-op-slice, dead code elimination, use-variadic-cat and use-variadic-stack, "
      "eliminate-extra-permute-ops, with enable-out-variant=true fuse-sign-log1p, then "
      "remove-immutable-input-dict-lookups, use-variadic-tuple-unpack, eliminate-no-ops, add-if-then-else-op, "
      "use-split-and-squeeze, create-owned-refs-for-special-values and force-non-empty-outputs. Only static runtime "
      "can run the result.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %dim : int = prim::Constant[value=0]()
  %list : Tensor[] = prim::ListConstruct(%x, %y)
  %1 : Tensor = aten::cat(%list, %dim)
  %2 : Tensor = aten::detach(%1)
  %3 : Tensor = aten::relu(%2)
  %both : (Tensor, Tensor) = prim::TupleConstruct(%3, %x)
  return (%both)
)";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    if (find_node(*unit.graph(), [](const jit::Node& node) { return node.kind() == c10::prim::TupleUnpack; }) !=
        nullptr) {
      throw Refused("LibTorch's static runtime throws if a graph ends in prim::TupleUnpack: run "
                    "lower-simple-tuples or lower-all-tuples first");
    }
    const bool enable_out_variant = context.options.flag("enable-out-variant");
    refuse_where_it_says({Message::not_in_scope}, "static runtime's own rewrites leave a broken graph",
                         [&] { unit.replace_graph(*prepared(unit.graph(), enable_out_variant)); });
    return "";
  };
  return row;
}

// LibTorch inlines groups that are too small while it iterates over the nodes of the same block, and reads the next
// node from the destroyed one. So it is asked for groups of any size, and this function does that step.
void dissolve_small_groups(GraphPtr& graph, int64_t min_size) {
  std::vector<jit::Node*> small;
  walk(*graph->block(), [&](const jit::Node& node) {
    if (node.kind() == c10::prim::StaticSubgraph) {
      const auto nodes = node.g(c10::attr::Subgraph)->nodes();
      if (std::distance(nodes.begin(), nodes.end()) < min_size) {
        small.push_back(const_cast<jit::Node*>(&node)); // walk() gives const nodes; the graph may be changed
      }
    }
  });
  for (jit::Node* node : small) {
    jit::SubgraphUtils::unmergeSubgraph(node);
  }
  jit::ConstantPooling(graph);
  jit::ConstantPropagation(graph);
  jit::EliminateDeadCode(graph);
}

// LibTorch gives these operators a schema, but an implementation in static runtime only.
void refuse_leftovers(const jit::Graph& graph) {
  const jit::Node* left = find_node(graph, [](const jit::Node& node) {
    return std::string_view(node.kind().toQualString()).starts_with("static_runtime::");
  });
  if (left != nullptr) {
    throw Refused(
        fmt::format("LibTorch leaves {} outside of the groups, where nothing can run it", left->kind().toQualString()));
  }
}

// Groups around in-place writes that could not be made functional may silently give other results (lists in loops).
void refuse_writes(const jit::Graph& graph) {
  const GraphPtr copy = const_cast<jit::Graph&>(graph).copy();
  jit::Inline(*copy); // as the pass itself does first
  jit::RemoveTensorMutation(copy);
  if (find_node(*copy, writes_in_place) != nullptr) {
    throw Refused("operators write in place to inputs, lists or shared tensors, and LibTorch may change results then: "
                  "run remove-tensor-mutation and remove-list-mutation first, and see which writes stay");
  }
}

PassRow fuse_static_subgraphs() {
  PassRow row;
  row.name = "fuse-static-subgraphs";
  row.function = "torch::jit::fuseStaticSubgraphs";
  row.header = "torch/csrc/jit/runtime/static/fusion.h";
  row.options = {{"min-size", int64_t{2}, "minimum number of nodes in a group, constants included", {}}};
  row.wrong_options = at_least("min-size", 1);
  row.changes_numerics = true;
  row.runs_operators = true;
  row.savable = false;
  row.idempotent = false;
  row.order = "after freeze-module";
  row.looks_for = "adjacent operators with an out variant in static runtime";
  row.summary = "Moves operators into groups that static runtime runs";
  row.description =
      "Inlines calls, replaces views by copies (replace-with-copy, replace-with-maybe-copy), propagates constants and "
      "makes in-place operators functional. Then neighbouring operators that static runtime can run into given memory "
      "move into prim::StaticSubgraph nodes of at least min-size nodes. The interpreter runs each of these in a static "
      "runtime of its own. LibTorch has no default for min-size.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::mul(%x, %y)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = aten::sigmoid(%2)
  %4 : Tensor = aten::tanh(%3)
  return (%4)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    refuse_writes(*graph);
    jit::fuseStaticSubgraphs(graph, /*min_size=*/1);
    dissolve_small_groups(graph, options.integer("min-size"));
    refuse_leftovers(*graph);
  });
  return row;
}

// Puts back what performTensorExprFusion sets for the whole process.
class DynamicShapeFusion {
public:
  DynamicShapeFusion() : before_(jit::tensorExprDynamicShapeFusionEnabled()) {}
  ~DynamicShapeFusion() { jit::setTensorExprDynamicShapeFusionEnabled(before_); }
  DynamicShapeFusion(const DynamicShapeFusion&) = delete;
  DynamicShapeFusion& operator=(const DynamicShapeFusion&) = delete;

private:
  bool before_;
};

PassRow perform_tensor_expr_fusion() {
  PassRow row;
  row.name = "perform-tensor-expr-fusion";
  row.function = "torch::jit::performTensorExprFusion";
  row.header = "torch/csrc/jit/runtime/static/fusion.h";
  row.needs = {Need::inputs};
  row.changes_numerics = true;
  row.runs_operators = true;
  row.savable = false;
  row.executable = false; // without LLVM
  row.idempotent = false;
  row.order = "after freeze-module; static-module after it";
  row.looks_for = "operators that NNC fuses";
  row.summary = "Traces the graph on the example inputs and fuses the trace with NNC, for any shape";
  row.description =
      "Runs the graph on the example inputs and replaces it by the trace of that run: branches that were not taken are "
      "removed, and loops are unrolled as for these inputs. Then NNC forms groups for dynamic shapes "
      "(fuse-tensor-exprs). Static runtime does this with its option enable_tensorexpr_fusion. Without LLVM, as in "
      "every wheel, such groups can be inspected but not run.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::mul(%x, %y)
  %2 : Tensor = aten::relu(%1)
  %3 : Tensor = aten::sigmoid(%2)
  return (%3)
)";
  row.example_inputs = {"float32[4,4]", "float32[4,4]"};
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    if (const std::string reason = untraceable(*unit.graph()->block()); !reason.empty()) {
      throw Refused(reason);
    }
    const SwitchScope allowed(Switch::nnc_fuses_on_cpu);
    const DynamicShapeFusion put_back;
    GraphPtr graph = unit.graph()->copy();
    jit::performTensorExprFusion(graph, unit.stack(*context.inputs));
    unit.replace_graph(*graph);
    return "";
  };
  return row;
}

} // namespace

void register_static_runtime(Registry& registry) {
  if (has_static_module) {
    registry.add(static_module());
  }
  registry.add(fuse_static_subgraphs());
  registry.add(perform_tensor_expr_fusion());
  register_static_runtime_rewrites(registry);
  register_static_runtime_cleanup(registry);
}

} // namespace tsir
