// Gradients: differentiable subgraphs, gradient graphs, undefined gradients.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include "lib/pass/refused.h"
#include "passes/onednn_prepare.h"

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
  row.options = {{"threshold", int64_t{2}, "how many operators a group has at least", {}}};
  row.wrong_options = at_least("threshold", 1);
  row.savable = false;
  row.executable = false;
  row.order = "after inline; before differentiate, which makes the groups runnable";
  row.looks_for = "neighbouring operators that autodiff knows, of tensors that may require gradients";
  row.summary = "Puts operators that can be differentiated symbolically into prim::DifferentiableGraph groups";
  row.description =
      "Operators that have a gradient formula in LibTorch's autodiff are merged into groups, each a "
      "prim::DifferentiableGraph with a subgraph, as far as the order of effects and aliases allows. Groups of fewer "
      "than "
      "threshold operators are taken apart again, and no group is made of tensors that are known not to require "
      "gradients. The groups have no gradient yet and cannot be run.";
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
  row.options = {{"threshold", int64_t{5}, "groups with fewer nodes go", {}}};
  row.order = "after create-autodiff-subgraphs and differentiate";
  row.looks_for = "small prim::DifferentiableGraph groups";
  row.summary = "Puts the operators of small prim::DifferentiableGraph groups back into the graph";
  row.description =
      "A group whose subgraph has fewer than threshold nodes is not worth its overhead: its operators go where it "
      "stood, "
      "and PyTorch's own autograd differentiates them. Groups that hold fusion groups or operators of others than "
      "PyTorch stay. Dead code is eliminated afterwards. A gradient graph that differentiate made is lost with its "
      "group.";
  row.example = differentiable_example;
  row.example_passes = "create-autodiff-subgraphs";
  row.run = on_graph(
      [](GraphPtr& graph, const PassOptions& options) {
        jit::InlineAutodiffSubgraphs(graph, static_cast<size_t>(std::max<int64_t>(0, options.integer("threshold"))));
      },
      groups);
  return row;
}

// What LibTorch's executor does with a gradient; its own function for this is not exported.
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

// Groups that have no gradient yet get one. Returns how many.
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
  row.options = {
      {"result",
       std::string("groups"),
       "groups: each prim::DifferentiableGraph gets its gradient; forward, backward: one of the two graphs of "
       "the whole graph takes its place",
       {"groups", "forward", "backward"}}};
  row.savable = false;
  row.order = "after create-autodiff-subgraphs; lower-grad-of makes a backward graph runnable";
  row.looks_for = "prim::DifferentiableGraph groups without a gradient";
  row.summary = "Works out gradient graphs symbolically";
  row.description =
      "Every prim::DifferentiableGraph gets the graph that computes its gradients, in its attribute ReverseSubgraph, "
      "and "
      "returns in addition what that graph needs; it can be run from then on, and backward() goes through it. With "
      "result=backward "
      "the whole graph is differentiated instead and its gradient graph takes its place: inputs are the gradients of "
      "the outputs, then captured values; outputs are the gradients of the inputs. result=forward gives the other "
      "half. "
      "Throws where autodiff has no formula for an operator.";
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
  row.summary = "Turns prim::GradOf into a prim::If that asks whether any gradient is defined";
  row.description =
      "prim::GradOf holds the gradient formula of one operator. It becomes a prim::If: where any of the incoming "
      "gradients is defined the formula is computed, else the results are undefined gradients (prim::AutogradZero). "
      "Acts "
      "on the outermost block only.";
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
      {"profiling-mode", true, "LibTorch's getProfilingMode(): believe profiles, and check them at run time", {}}};
  row.savable = false;
  row.idempotent = false;
  row.order = "after lower-grad-of and instrument-graph";
  row.looks_for =
      "prim::AutogradAdd, lowered prim::GradOf or aten::_grad_sum_to_size, of gradients known to be defined "
      "or not";
  row.summary = "Simplifies a gradient graph by what is known of undefined gradients";
  row.description =
      "Sums with an undefined gradient become the other side, sums of defined ones aten::add, and a formula whose "
      "gradients are all undefined is not computed. With profiling-mode, which gradients are defined comes from the "
      "prim::profile nodes of the inputs: the graph becomes a prim::If that checks this and holds the simplified "
      "graph, "
      "and "
      "beside it the general one. Without, it comes from the types of the inputs, and nothing is checked.";
  row.example = R"(graph(%a : Tensor, %b : Tensor):
  %sum : Tensor = prim::AutogradAdd(%a, %b)
  return (%sum)
)";
  row.example_inputs = {"float32[2,3]", "float32[2,3]"};
  row.example_passes = "instrument-graph";
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    const ProfilingMode mode(options.flag("profiling-mode"));
    jit::specializeAutogradZero(graph);
    inline_fallbacks(*graph->block()); // LibTorch hides the general branch in a node that cannot be run
  });
  return row;
}

PassRow propagate_requires_grad() {
  PassRow row;
  row.name = "propagate-requires-grad";
  row.function = "torch::jit::PropagateRequiresGrad";
  row.header = "torch/csrc/jit/passes/requires_grad_analysis.h";
  row.order = "after propagate-input-shapes, which gives dtypes";
  row.looks_for = "results of known dtype";
  row.summary = "Works out which tensors require gradients from which inputs do";
  row.description =
      "A result of known dtype requires a gradient where an input of its operator does and the dtype allows it; "
      "comparisons and aten::detach give none. An input whose type does not say counts as requiring one. Goes through "
      "prim::If and prim::Loop. Results of unknown dtype stay as they are.";
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
  row.looks_for = "tensor types that say more than Tensor";
  row.summary = "Makes the type of every tensor, and of every list of tensors, plain";
  row.description =
      "Tensor types become plain Tensor, and lists of tensors Tensor[]: inputs of the graph and results of nodes, also "
      "in nested blocks. LibTorch's executor runs it on gradient graphs, whose types still say which gradients were "
      "undefined in the forward pass.";
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
  row.options = {{"new-requires-grad", std::string("unknown"), "what types are to say", {"unknown", "true", "false"}}};
  row.looks_for = "tensors that enter a node";
  row.summary = "Writes into all tensor types whether gradients are required";
  row.description =
      "Every tensor that enters a node, also in nested blocks, gets a type that says requires_grad as given, or leaves "
      "it "
      "open; the types in prim::profile nodes likewise. LibTorch's executor calls it on subgraphs: the forward graph "
      "of "
      "a group runs without gradients, and one that is inlined again may need them.";
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
