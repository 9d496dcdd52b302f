// In-place operators made functional without proof, activations made functional and in-place again.
#include "passes/mutation.h"

#include "lib/pass/refused.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/remove_inplace_ops.h>
#include <torch/csrc/jit/passes/remove_mutation.h>
#include <torch/csrc/jit/passes/restore_mutation.h>

namespace tsir {
namespace {

const Wanted binary_inplace{{"aten::add_", "aten::sub_", "aten::mul_", "aten::div_"}, "aten::add_, sub_, mul_ or div_"};

PassRow remove_inplace_ops() {
  PassRow row;
  row.name = "remove-inplace-ops";
  row.function = "torch::jit::RemoveInplaceOps";
  row.header = "torch/csrc/jit/passes/remove_inplace_ops.h";
  row.order = "prefer remove-tensor-mutation, which asks alias analysis";
  row.looks_for = "aten::add_, sub_, mul_, div_, masked_fill_, zero_ and fill_";
  row.summary = "Replaces some in-place operators without asking who else sees the write";
  row.description =
      "aten::add_, sub_, mul_, div_, masked_fill_, zero_ and fill_ become operators that return a new tensor, and the "
      "uses of the old one that follow in the graph use the new one. implicit-cast-for-binary-inplace-ops runs first. "
      "Made for ONNX export. No alias is looked at: where a view, an input or an attribute is written, what reads the "
      "written tensor no longer sees it, and results are wrong. Verify with --compare.";
  row.upstream = {
      {"pytorch#69989", "writes into a view of the input are lost: dead code elimination empties the graph", ""}};
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor = aten::mul(%x, %y)
  %2 : Tensor = aten::add_(%1, %y, %one)
  %3 : Tensor = aten::relu(%2)
  return (%3)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveInplaceOps(graph); });
  return row;
}

PassRow implicit_cast() {
  PassRow row;
  row.name = "implicit-cast-for-binary-inplace-ops";
  row.function = "torch::jit::ImplicitCastForBinaryInplaceOps";
  row.header = "torch/csrc/jit/passes/remove_inplace_ops.h";
  row.idempotent = false; // a second aten::type_as goes before the first
  row.order = "before remove-inplace-ops, which runs it by itself";
  row.looks_for = "aten::add_, sub_, mul_ and div_ of two tensors, the first of known dtype";
  row.summary = "Writes down that in-place arithmetic keeps the dtype of its first tensor";
  row.description =
      "The second tensor of aten::add_, sub_, mul_ and div_ goes through aten::type_as first, where the type of the "
      "first one carries a dtype. So the dtype stays right when the operator becomes one that returns a new tensor and "
      "would take the wider dtype of the two.";
  row.example =
      R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  %2 : Tensor = aten::add_(%1, %y, %one)
  return (%2)
)";
  row.example_inputs = {"float32[2,3]", "float32[2,3]"};
  row.run = on_graph([](GraphPtr& graph) { jit::ImplicitCastForBinaryInplaceOps(graph->block()); }, binary_inplace);
  return row;
}

PassRow inplace_to_functional_activation() {
  PassRow row;
  row.name = "inplace-to-functional-activation";
  row.function = "torch::jit::InplaceToFunctionalActivation";
  row.header = "torch/csrc/jit/passes/remove_mutation.h";
  row.order = "before fusers; functional-to-inplace-activation after them gives the memory back";
  row.looks_for = "in-place activations (relu_, sigmoid_, hardtanh_) on tensors that nothing else may alias";
  row.summary = "Replaces in-place activations by ones that return a new tensor";
  row.description = "remove-tensor-mutation for activations only: relu_, relu6_, sigmoid_, tanh_, hardtanh_, "
                    "hardswish_, silu_, elu_, "
                    "leaky_relu_ and their like, where it can be shown that nothing else sees the write.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::matmul(%x, %y)
  %2 : Tensor = aten::relu_(%1)
  return (%2)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::InplaceToFunctionalActivation(graph); });
  return row;
}

// Activations in LibTorch's table that have no in-place form, on which its pass throws.
bool lacks_inplace_form(const jit::Node& node) {
  const auto known = jit::activation_type_promotion_mapping.find(node.kind());
  return known != jit::activation_type_promotion_mapping.end() &&
         jit::getAllOperatorsFor(c10::Symbol::fromQualString(std::string(node.kind().toQualString()) + "_")).empty();
}

PassRow functional_to_inplace_activation() {
  PassRow row;
  row.name = "functional-to-inplace-activation";
  row.function = "torch::jit::FunctionalToInplaceActivation";
  row.header = "torch/csrc/jit/passes/restore_mutation.h";
  row.order = "last, after the passes that in-place operators keep from working";
  row.looks_for = "activations whose input is made in the graph, used once and aliased by nothing";
  row.summary = "Lets activations write over their input where nobody else reads it";
  row.description =
      "relu, relu6, hardtanh, hardswish, silu, elu, leaky_relu and their like become in-place operators, which saves "
      "memory, where their input comes from an operator of the graph that gives a new tensor, and is used once. "
      "sigmoid and tanh do so only where the types of input and output carry the same dtype. LibTorch's pass throws on "
      "activations that have no in-place form (glu, hardshrink, prelu): tsir names them.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::matmul(%x, %y)
  %2 : Tensor = aten::relu(%1)
  return (%2)
)";
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::FunctionalToInplaceActivation(graph); })](
                Unit& unit, const PassContext& context) {
    try {
      return pass(unit, context);
    } catch (const c10::Error&) {
      if (const jit::Node* node = find_node(*unit.graph(), lacks_inplace_form)) {
        throw Refused(fmt::format("{} has no in-place form, and this pass of LibTorch's throws on it",
                                  node->kind().toQualString()));
      }
      throw;
    }
  };
  return row;
}

} // namespace

void register_inplace(Registry& registry) {
  registry.add(remove_inplace_ops());
  registry.add(implicit_cast());
  registry.add(inplace_to_functional_activation());
  registry.add(functional_to_inplace_activation());
}

} // namespace tsir
