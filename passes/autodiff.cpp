// Gradients: differentiable subgraphs, gradient graphs, undefined gradients.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include "lib/pass/refused.h"
#include "passes/host/onednn_prepare.h"

#include <torch/csrc/jit/passes/clear_undefinedness.h>
#include <torch/csrc/jit/passes/create_autodiff_subgraphs.h>
#include <torch/csrc/jit/passes/inline_autodiff_subgraphs.h>
#include <torch/csrc/jit/passes/lower_grad_of.h>
#include <torch/csrc/jit/passes/requires_grad_analysis.h>
#include <torch/csrc/jit/passes/specialize_autogradzero.h>
#include <torch/csrc/jit/passes/update_differentiable_graph_requires_grad.h>
#include <torch/csrc/jit/runtime/autodiff.h>

namespace tsir {
namespace {

constexpr auto differentiable_example = R"(graph(%x : Tensor, %y : Tensor):
  %product : Tensor = aten::mul(%x, %y)
  %result : Tensor = aten::tanh(%product)
  return (%result)
)";

const Wanted groups{{"prim::DifferentiableGraph"}, "prim::DifferentiableGraph"};

PassRow create_autodiff_subgraphs() {
  PassRow row;
  row.name = "create-autodiff-subgraphs";
  row.function = "torch::jit::CreateAutodiffSubgraphs";
  row.header = "torch/csrc/jit/passes/create_autodiff_subgraphs.h";
  row.options = {{"threshold", int64_t{2}, "minimum number of operators in a group", {}}};
  row.wrong_options = at_least("threshold", 1);
  row.savable = false;
  row.executable = false;
  row.order = "after inline; before differentiate, which makes the groups runnable";
  row.looks_for = "adjacent operators that autodiff has formulas for, on tensors that may require gradients";
  row.summary = "Moves operators that can be differentiated symbolically into prim::DifferentiableGraph groups";
  row.description = "Merges operators that have a gradient formula in LibTorch's autodiff into groups, as far as side "
                    "effects and aliases allow it. Each group is a prim::DifferentiableGraph with a subgraph. Groups "
                    "of fewer than threshold operators are inlined again, and tensors that are known not to require "
                    "gradients do not form groups. The groups have no gradient yet and cannot be run.";
  row.example = differentiable_example;
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    jit::CreateAutodiffSubgraphs(graph, static_cast<size_t>(options.integer("threshold")));
  });
  return row;
}

PassRow inline_autodiff_subgraphs() {
  PassRow row;
  row.name = "inline-autodiff-subgraphs";
  row.function = "torch::jit::InlineAutodiffSubgraphs";
  row.header = "torch/csrc/jit/passes/inline_autodiff_subgraphs.h";
  row.options = {{"threshold", int64_t{5}, "groups with fewer nodes are inlined", {}}};
  row.order = "after create-autodiff-subgraphs and differentiate";
  row.looks_for = "small prim::DifferentiableGraph groups";
  row.summary = "Inlines small prim::DifferentiableGraph groups back into the graph";
  row.description = "A group whose subgraph has fewer than threshold nodes is not worth its overhead: its operators "
                    "are moved back into the graph, where PyTorch's own autograd differentiates them. Groups that "
                    "contain fusion groups, or operators that are not PyTorch's own, stay. Dead code is eliminated "
                    "afterwards. A gradient graph that differentiate added to a group is lost with the group.";
  row.example = differentiable_example;
  row.example_passes = "create-autodiff-subgraphs";
  row.run = on_graph(
      [](GraphPtr& graph, const PassOptions& options) {
        jit::InlineAutodiffSubgraphs(graph, static_cast<size_t>(std::max<int64_t>(0, options.integer("threshold"))));
      },
      groups);
  return row;
}

// Stores a gradient in a node as LibTorch's executor does. LibTorch does not export its own function for this.
void pack(const jit::Gradient& gradient, jit::Node& node) {
  const auto offsets = [](const std::vector<size_t>& list) { return std::vector<int64_t>(list.begin(), list.end()); };
  node.g_(c10::attr::Subgraph, gradient.f);
  node.g_(c10::attr::ReverseSubgraph, gradient.df);
  node.i_(c10::attr::f_real_outputs, static_cast<int64_t>(gradient.f_real_outputs));
  node.is_(c10::attr::df_input_vjps, offsets(gradient.df_input_vjps));
  node.is_(c10::attr::df_input_captured_inputs, offsets(gradient.df_input_captured_inputs));
  node.is_(c10::attr::df_input_captured_outputs, offsets(gradient.df_input_captured_outputs));
  node.is_(c10::attr::df_output_vjps, offsets(gradient.df_output_vjps));
}

jit::Gradient gradient_of(jit::Graph& graph) {
  GraphPtr copy = graph.copy();
  for (const jit::Node* node : copy->nodes()) {
    if (!jit::isDifferentiable(node)) {
      throw Refused(fmt::format("autodiff has no formula for {}: create-autodiff-subgraphs makes groups without it",
                                node->kind().toQualString()));
    }
  }
  return jit::differentiate(copy);
}

// Adds a gradient to each group that has none yet. Returns how many.
size_t differentiate_groups(jit::Block& block) {
  size_t count = 0;
  for (jit::Node* node : block.nodes()) {
    for (jit::Block* inner : node->blocks()) {
      count += differentiate_groups(*inner);
    }
    if (node->kind() == c10::prim::DifferentiableGraph && !node->hasAttribute(c10::attr::ReverseSubgraph)) {
      pack(gradient_of(*node->g(c10::attr::Subgraph)), *node);
      ++count;
    }
  }
  return count;
}

PassRow differentiate() {
  PassRow row;
  row.name = "differentiate";
  row.function = "torch::jit::differentiate";
  row.header = "torch/csrc/jit/runtime/autodiff.h";
  row.options = {{"result",
                  std::string("groups"),
                  "groups: add its gradient to each prim::DifferentiableGraph; forward, backward: replace the whole "
                  "graph by its forward or its backward graph",
                  {"groups", "forward", "backward"}}};
  row.savable = false;
  row.order = "after create-autodiff-subgraphs; lower-grad-of after it makes a backward graph runnable";
  row.looks_for = "prim::DifferentiableGraph groups without a gradient";
  row.summary = "Derives gradient graphs symbolically";
  row.description = "Adds to every prim::DifferentiableGraph the graph that computes its gradients, in the attribute "
                    "ReverseSubgraph, and makes the group also return the values that this graph needs. Afterwards the "
                    "graph can be run, and backward() goes through it. With result=backward the whole graph is "
                    "differentiated and replaced by its gradient graph: the inputs are the gradients of the outputs, "
                    "followed by captured values; the outputs are the gradients of the inputs. With result=forward it "
                    "is replaced by the matching forward graph. Throws if autodiff has no formula for an operator.";
  row.example = differentiable_example;
  row.example_passes = "create-autodiff-subgraphs";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    const std::string& result = context.options.text("result");
    if (result == "groups") {
      std::string note = missing(*unit.graph(), groups);
      differentiate_groups(*unit.graph()->block());
      return note.empty() ? note : note + ": run create-autodiff-subgraphs first";
    }
    const jit::Gradient gradient = gradient_of(*unit.graph());
    unit = Unit::of_graph(result == "forward" ? gradient.f : gradient.df, unit.name());
    return "";
  };
  return row;
}

PassRow lower_grad_of() {
  PassRow row;
  row.name = "lower-grad-of";
  row.function = "torch::jit::LowerGradOf";
  row.header = "torch/csrc/jit/passes/lower_grad_of.h";
  row.order = "after differentiate{result=backward}, before specialize-autograd-zero";
  row.looks_for = "prim::GradOf";
  row.summary = "Replaces prim::GradOf by a prim::If that checks whether any gradient is defined";
  row.description = "A prim::GradOf holds the gradient formula of one operator. It becomes a prim::If: if any incoming "
                    "gradient is defined, the formula is computed; otherwise the results are undefined gradients "
                    "(prim::AutogradZero). Only the outermost block is changed.";
  row.example = R"(graph(%gradient : Tensor, %x : Tensor):
  %1 : Tensor = prim::GradOf[name="aten::mul"](%gradient)
    block0():
      %product : Tensor = aten::mul(%gradient, %x)
      -> (%product)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::LowerGradOf(*graph); }, {{"prim::GradOf"}, "prim::GradOf"});
  return row;
}

class ProfilingMode {
public:
  explicit ProfilingMode(bool on) : before_(jit::getProfilingMode().exchange(on)) {}
  ~ProfilingMode() { jit::getProfilingMode() = before_; }
  ProfilingMode(const ProfilingMode&) = delete;
  ProfilingMode& operator=(const ProfilingMode&) = delete;

private:
  bool before_;
};

PassRow specialize_autograd_zero() {
  PassRow row;
  row.name = "specialize-autograd-zero";
  row.function = "torch::jit::specializeAutogradZero";
  row.header = "torch/csrc/jit/passes/specialize_autogradzero.h";
  row.options = {
      {"profiling-mode", true, "LibTorch's getProfilingMode(): use the profiles, and check them at run time", {}}};
  row.savable = false;
  row.idempotent = false;
  row.order = "after lower-grad-of and instrument-graph";
  row.looks_for = "prim::AutogradAdd, lowered prim::GradOf or aten::_grad_sum_to_size, on gradients that are known to "
                  "be defined or undefined";
  row.summary = "Simplifies a gradient graph using what is known about undefined gradients";
  row.description =
      "An addition with an undefined gradient becomes its other operand, an addition of defined gradients becomes "
      "aten::add, and a formula whose gradients are all undefined is not computed. With profiling-mode=true, the "
      "prim::profile nodes of the inputs tell which gradients are defined. The graph then becomes a prim::If that "
      "checks this at run time; one branch holds the simplified graph, the other the general one. With "
      "profiling-mode=false, the types of the inputs tell which gradients are defined, and nothing is checked.";
  row.example = R"(graph(%a : Tensor, %b : Tensor):
  %sum : Tensor = prim::AutogradAdd(%a, %b)
  return (%sum)
)";
  row.example_inputs = {"float32[2,3]", "float32[2,3]"};
  row.example_passes = "instrument-graph";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    const ProfilingMode mode(options.flag("profiling-mode"));
    jit::specializeAutogradZero(graph);
    host_passes::onednn::inline_fallbacks(
        *graph->block()); // LibTorch puts the general branch into a node that cannot be run
  });
  return row;
}

PassRow propagate_requires_grad() {
  PassRow row;
  row.name = "propagate-requires-grad";
  row.function = "torch::jit::PropagateRequiresGrad";
  row.header = "torch/csrc/jit/passes/requires_grad_analysis.h";
  row.order = "after propagate-input-shapes, which gives dtypes";
  row.looks_for = "results with a known dtype";
  row.summary = "Infers from the inputs which tensors require gradients";
  row.description =
      "A result with a known dtype requires a gradient if an input of its operator does and if the dtype allows it. "
      "Results of comparisons and of aten::detach do not. An input whose type does not say counts as requiring a "
      "gradient. The pass goes through prim::If and prim::Loop. Results of unknown dtype are left unchanged.";
  row.example =
      R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=1, device=cpu), %y : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], device=cpu) = aten::mul(%x, %y)
  %2 : Float(2, 3, strides=[3, 1], device=cpu) = aten::detach(%1)
  return (%1, %2)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::PropagateRequiresGrad(graph); });
  return row;
}

PassRow clear_undefinedness() {
  PassRow row;
  row.name = "clear-undefinedness";
  row.function = "torch::jit::ClearUndefinedness";
  row.header = "torch/csrc/jit/passes/clear_undefinedness.h";
  row.looks_for = "tensor types that are more specific than Tensor";
  row.summary = "Replaces the types of tensors and lists of tensors by plain Tensor and Tensor[]";
  row.description = "Tensor types become plain Tensor, and lists of tensors become Tensor[]. This covers the inputs of "
                    "the graph and the results of nodes, also in nested blocks. LibTorch's executor runs the pass on "
                    "gradient graphs, whose types still record which gradients were undefined in the forward pass.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::ClearUndefinedness(graph); });
  return row;
}

PassRow update_requires_grad() {
  PassRow row;
  row.name = "update-differentiable-graph-requires-grad";
  row.function = "torch::jit::UpdateDifferentiableGraphRequiresGrad";
  row.header = "torch/csrc/jit/passes/update_differentiable_graph_requires_grad.h";
  row.options = {{"new-requires-grad",
                  std::string("unknown"),
                  "the value of requires_grad in the types",
                  {"unknown", "true", "false"}}};
  row.looks_for = "tensors that are inputs of a node";
  row.summary = "Sets requires_grad in all tensor types";
  row.description =
      "Sets requires_grad to the given value, or to unknown, in the type of every tensor that is an input of a node, "
      "also in nested blocks, and in the types of prim::profile nodes. LibTorch's executor calls it on subgraphs: the "
      "forward graph of a group runs without gradients, and a group that is inlined again may need them.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    const std::string& wanted = options.text("new-requires-grad");
    jit::UpdateDifferentiableGraphRequiresGrad(graph, wanted == "unknown" ? std::nullopt
                                                                          : std::optional<bool>(wanted == "true"));
  });
  return row;
}

} // namespace

void register_autodiff(Registry& registry) {
  registry.add(create_autodiff_subgraphs());
  registry.add(inline_autodiff_subgraphs());
  registry.add(differentiate());
  registry.add(lower_grad_of());
  registry.add(specialize_autograd_zero());
  registry.add(propagate_requires_grad());
  registry.add(clear_undefinedness());
  registry.add(update_requires_grad());
}

} // namespace tsir
