// Symbolic shape analysis: computes shapes by running LibTorch's shape functions.
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include "lib/pass/refused.h"
#include "passes/host/onednn_prepare.h"

#include <torch/csrc/jit/passes/symbolic_shape_analysis.h>
#include <torch/csrc/jit/passes/symbolic_shape_runtime_fusion.h>
#include <torch/csrc/jit/runtime/symbolic_shape_registry.h>

namespace tsir {
namespace {

// An operator with a shape function on which LibTorch throws, because its list of tensors is not made by a
// prim::ListConstruct.
const jit::Node* takes_unknown_list(const jit::Block& block) {
  const auto unknown_list = [](const jit::Value* input) {
    return input->type()->isSubtypeOf(*c10::ListType::ofTensors()) &&
           input->node()->kind() != c10::prim::ListConstruct && input->node()->kind() != c10::prim::Constant;
  };
  for (const jit::Node* node : block.nodes()) {
    const c10::FunctionSchema* schema = node->maybeSchema();
    if (schema != nullptr && std::ranges::any_of(node->inputs(), unknown_list) &&
        jit::shapeComputeGraphForSchema(*schema)) {
      return node;
    }
    for (const jit::Block* inner : node->blocks()) {
      const jit::Node* found = node->kind() == c10::prim::If ? takes_unknown_list(*inner) : nullptr;
      if (found != nullptr) {
        return found;
      }
    }
  }
  return nullptr;
}

void refuse_unknown_lists(const jit::Graph& graph) {
  if (const jit::Node* node = takes_unknown_list(*graph.block())) {
    throw Refused(fmt::format("LibTorch cannot compute shapes if {} takes a list that is not made by "
                              "prim::ListConstruct: run remove-list-mutation first",
                              node->kind().toQualString()));
  }
}

PassRow propagate_shapes_on_graph() {
  PassRow row;
  row.name = "propagate-shapes-on-graph";
  row.function = "torch::jit::PropagateShapesOnGraph";
  row.header = "torch/csrc/jit/passes/symbolic_shape_analysis.h";
  row.order = "after inline and annotate-input-shapes; before dtype-propagation";
  row.looks_for = "operators with a shape function, whose inputs have types with shapes";
  row.summary = "Propagates shapes by LibTorch's shape functions, also shapes that are known only in part";
  row.description =
      "Each operator that has a shape function in LibTorch gets the shape that the function returns for what is known "
      "of its inputs. A size is a number, a symbol (SS(-2), the same where sizes must be equal) or unknown. Nothing "
      "but these functions is run, and dtypes are not inferred. Branches of prim::If are merged. Loops are not "
      "entered, and operators without a shape function keep their type.";
  row.example =
      R"(graph(%x : Float(SS(-2), 3, strides=[3, 1], device=cpu), %y : Float(3, 4, strides=[4, 1], device=cpu)):
  %1 : Tensor = aten::mm(%x, %y)
  %2 : Tensor = aten::relu(%1)
  return (%2)
)";
  row.example_inputs = {"float32[2,3]", "float32[3,4]"};
  row.idempotent = false;
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    refuse_unknown_lists(*unit.graph());
    GraphPtr graph = unit.graph()->copy(); // if it throws, it has already changed some types
    refuse_where_it_says({Message::list_without_shape_function},
                         "LibTorch's shape functions do not support all lists of this graph",
                         [&] { jit::PropagateShapesOnGraph(graph); });
    unit.replace_graph(*graph);
    return calls_note(*graph);
  };
  return row;
}

PassRow large_shape_compute_graph() {
  PassRow row;
  row.name = "propagate-shapes-and-build-large-shape-compute-graph";
  row.function = "torch::jit::PropagateShapesAndBuildLargeShapeComputeGraph";
  row.header = "torch/csrc/jit/passes/symbolic_shape_analysis.h";
  row.keeps_interface = false;
  row.idempotent = false;
  row.order = "after annotate-input-shapes and make-shapes-symbolic";
  row.looks_for = "graphs of operators with shape functions, whose inputs have types with symbolic shapes";
  row.summary = "Builds the graph that computes all symbolic sizes from the sizes of the inputs";
  row.description =
      "Computes shapes as propagate-shapes-on-graph does, and joins the functions that it evaluated into one graph, "
      "which replaces the unit. Its inputs are the shapes of those inputs that matter, its outputs the values of the "
      "symbols (SS(-2) and so on). Needs a graph without control flow, in which every operator has a shape function "
      "and every input a known number of dimensions. If that is not the case, the pass reports it.";
  row.example =
      R"(graph(%x : Float(SS(-2), 3, strides=[3, 1], device=cpu), %y : Float(3, SS(-3), strides=[4, 1], device=cpu)):
  %dim : int = prim::Constant[value=0]()
  %product : Tensor = aten::mm(%x, %y)
  %list : Tensor[] = prim::ListConstruct(%product, %product)
  %twice : Tensor = aten::cat(%list, %dim)
  return (%twice)
)";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    GraphPtr graph = unit.graph()->copy();
    refuse_unknown_lists(*graph);
    const auto mapping =
        jit::PropagateShapesAndBuildLargeShapeComputeGraph(graph, *graph->nodes().begin(), *graph->nodes().end());
    if (!mapping) {
      return "found an operator or an input whose shape cannot be computed";
    }
    unit = Unit::of_graph(mapping->partial_eval_shape_graph, unit.name());
    return "";
  };
  return row;
}

std::vector<jit::Node*> unguarded_groups(jit::Block& block) {
  std::vector<jit::Node*> found;
  for (jit::Node* node : block.nodes()) {
    if (node->kind() == c10::prim::TensorExprGroup) {
      found.push_back(node);
    }
    for (jit::Block* inner : node->blocks()) {
      const auto more = unguarded_groups(*inner);
      found.insert(found.end(), more.begin(), more.end());
    }
  }
  return found;
}

bool has_tensor_input(const jit::Node& node) {
  return std::ranges::any_of(
      node.inputs(), [](const jit::Value* input) { return input->type()->castRaw<c10::TensorType>() != nullptr; });
}

PassRow generate_guard() {
  PassRow row;
  row.name = "generate-guard";
  row.function = "torch::jit::GenerateGuard";
  row.header = "torch/csrc/jit/passes/symbolic_shape_runtime_fusion.h";
  row.options = {{"add-composed-op", false, "put guard, sizes and group into one prim::TensorExprDynamicGroup", {}}};
  row.savable = false;
  row.executable = false;
  row.order = "after custom-fuse-graph{kind=prim::TensorExprGroup} on a graph with complete types";
  row.looks_for = "prim::TensorExprGroup whose inputs and outputs have complete types";
  row.summary = "Makes NNC's groups work for other sizes, guarded by a check of dtypes, ranks and strides";
  row.description =
      "The sizes of a group's inputs become symbols, the same symbol for equal sizes; a size of 1 stays 1. The nodes "
      "that compute the symbols at run time are inserted before the group, and their results are passed to it. A "
      "prim::TensorExprDynamicGuard checks dtypes, ranks and strides, and the other branch of its prim::If contains "
      "the unfused operators. fuse-tensor-exprs with fuse-to-dynamic-shapes=true does this itself.";
  row.example =
      R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %y : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::mul(%x, %y)
  %2 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::tanh(%1)
  return (%2)
)";
  row.example_passes = "custom-fuse-graph{kind=prim::TensorExprGroup}";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    size_t guarded = 0;
    for (jit::Node* node : unguarded_groups(*unit.graph()->block())) {
      const bool bare = has_tensor_input(*node) && !node->hasAttribute(c10::attr::symbolic_shape_inputs);
      guarded += bare && jit::GenerateGuard(node, context.options.flag("add-composed-op")) ? 1 : 0;
    }
    host_passes::onednn::inline_fallbacks(*unit.graph()->block());
    return guarded > 0 ? "" : "found no prim::TensorExprGroup with complete types";
  };
  return row;
}

} // namespace

void register_symbolic_shapes(Registry& registry) {
  registry.add(propagate_shapes_on_graph());
  registry.add(large_shape_compute_graph());
  registry.add(generate_guard());
}

} // namespace tsir
