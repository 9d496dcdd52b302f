// In-place operators: removal without alias analysis, and activations made functional and in-place again.
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
  row.order = "prefer remove-tensor-mutation, which uses alias analysis";
  row.looks_for = "aten::add_, sub_, mul_, div_, masked_fill_, zero_ and fill_";
  row.summary = "Replaces some in-place operators without checking aliases";
  row.description =
      "aten::add_, sub_, mul_, div_, masked_fill_, zero_ and fill_ become operators that return a new tensor, and "
      "later uses of the old tensor in the graph use the new one. implicit-cast-for-binary-inplace-ops runs first. "
      "Made for ONNX export. Aliases are not checked: if a view, an input or an attribute is written, readers of the "
      "written tensor no longer see the write, and results are wrong. Verify with --compare.";
  row.upstream = {
      {"pytorch#69989", "writes to a view of the input are lost: dead code elimination empties the graph", ""}};
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %1 : Tensor = aten::mul(%x, %y)
  %2 : Tensor = aten::add_(%1, %y, %one)
  %3 : Tensor = aten::relu(%2)
  return (%3)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveInplaceOps(graph); });
  row.host = one_call(row.function, row.header);
  return row;
}

PassRow implicit_cast() {
  PassRow row;
  row.name = "implicit-cast-for-binary-inplace-ops";
  row.function = "torch::jit::ImplicitCastForBinaryInplaceOps";
  row.header = "torch/csrc/jit/passes/remove_inplace_ops.h";
  row.idempotent = false; // a second aten::type_as is inserted before the first
  row.order = "before remove-inplace-ops, which also runs it itself";
  row.looks_for = "aten::add_, sub_, mul_ and div_ of two tensors, the first with a known dtype";
  row.summary = "Makes explicit that in-place arithmetic keeps the dtype of its first operand";
  row.description = "The second operand of aten::add_, sub_, mul_ and div_ passes through aten::type_as first, if the "
                    "type of the first operand has a dtype. So the dtype stays right when the operator is replaced by "
                    "one that returns a new tensor, which would use the wider of the two dtypes.";
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
  row.order = "before fusers; functional-to-inplace-activation after them saves the memory again";
  row.looks_for = "in-place activations (relu_, sigmoid_, hardtanh_) on tensors that nothing else may alias";
  row.summary = "Replaces in-place activations by operators that return a new tensor";
  row.description =
      "Does what remove-tensor-mutation does, for activations only: relu_, relu6_, sigmoid_, tanh_, hardtanh_, "
      "hardswish_, silu_, elu_, leaky_relu_ and similar ones, if it can be shown that nothing else sees the write.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::matmul(%x, %y)
  %2 : Tensor = aten::relu_(%1)
  return (%2)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::InplaceToFunctionalActivation(graph); });
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_inplace_to_functional_activation"});
  return row;
}

// Activations in LibTorch's table that have no in-place form. LibTorch's pass throws on them.
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
  row.order = "last, after the passes that in-place operators prevent from working";
  row.looks_for = "activations whose input is made in the graph, used once and not aliased";
  row.summary = "Replaces activations by in-place ones if nothing else reads their input";
  row.description =
      "relu, relu6, hardtanh, hardswish, silu, elu, leaky_relu and similar activations become in-place operators, "
      "which saves memory, if their input is used once and comes from an operator of the graph that returns a new "
      "tensor. sigmoid and tanh become in-place only if the types of input and output have the same dtype. LibTorch's "
      "pass throws on activations that have no in-place form (glu, hardshrink, prelu): tsir names them in its error.";
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
        throw Refused(
            fmt::format("{} has no in-place form, and LibTorch's pass throws on it", node->kind().toQualString()));
      }
      throw;
    }
  };
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_functional_to_inplace_activation"});
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
