// Shapes: propagates them from the inputs, and removes them.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include <torch/csrc/jit/passes/remove_expands.h>
#include <torch/csrc/jit/passes/shape_analysis.h>

namespace tsir {
namespace {

// Gives tensor inputs of the graph the types of the example inputs.
void type_inputs(Unit& unit, const std::vector<c10::IValue>& inputs) {
  const jit::Stack stack = unit.stack(inputs);
  const auto values = unit.graph()->inputs();
  for (size_t i = 0; i < std::min(stack.size(), values.size()); ++i) {
    if (stack[i].isTensor() && stack[i].toTensor().defined()) {
      values[i]->setType(c10::TensorType::create(stack[i].toTensor()));
    }
  }
}

bool any_input_has_shape(const jit::Graph& graph) {
  return std::ranges::any_of(graph.inputs(), [](const jit::Value* input) {
    const auto type = input->type()->cast<c10::TensorType>();
    return type && type->dim().has_value();
  });
}

PassRow propagate_input_shapes() {
  PassRow row;
  row.name = "propagate-input-shapes";
  row.function = "torch::jit::PropagateInputShapes";
  row.header = "torch/csrc/jit/passes/shape_analysis.h";
  row.runs_operators = true;
  row.order = "after inline";
  row.looks_for = "inputs with types that have shapes";
  row.summary = "Propagates types and shapes from the inputs";
  row.description =
      "Starts from the types of the graph's inputs, or of the example inputs if these are given. Operators without a "
      "known rule are run on made-up tensors of the right shape. Where shapes differ, broadcasts are made explicit as "
      "aten::expand (remove-expands removes them again). Operators whose result depends on values, and most operators "
      "in loops, keep an unknown shape. Weights have a shape only if they are constants: run freeze-module first.";
  row.example =
      R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %y : Float(3, 4, strides=[4, 1], requires_grad=0, device=cpu)):
  %1 : Tensor = aten::mm(%x, %y)
  %2 : Tensor = aten::relu(%1)
  return (%2)
)";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    if (context.inputs != nullptr) {
      type_inputs(unit, *context.inputs);
    }
    jit::PropagateInputShapes(unit.graph());
    if (!any_input_has_shape(*unit.graph())) {
      return fmt::format("no input has a known shape: {}", to_advice(Need::inputs));
    }
    return calls_note(*unit.graph());
  };
  return row;
}

PassRow erase_shape_information() {
  PassRow row;
  row.name = "erase-shape-information";
  row.function = "torch::jit::EraseShapeInformation";
  row.header = "torch/csrc/jit/passes/shape_analysis.h";
  row.looks_for = "types with shapes, dtypes or devices";
  row.summary = "Removes shapes, dtypes and devices from all tensor types";
  row.description = "Every tensor type becomes plain Tensor again, also in subgraphs. Traced models carry the shapes "
                    "seen while tracing, which hold for that input only: erase them before you compare graphs, or "
                    "before passes that rely on them.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::EraseShapeInformation(graph); });
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_erase_shape_information"});
  return row;
}

PassRow remove_expands() {
  PassRow row;
  row.name = "remove-expands";
  row.function = "torch::jit::RemoveExpands";
  row.header = "torch/csrc/jit/passes/remove_expands.h";
  row.looks_for = "aten::expand made by the tracer";
  row.summary = "Removes broadcasts that were made explicit as aten::expand";
  row.description = "Removes aten::expand nodes that are marked implicit. Tracing and shape propagation insert these "
                    "where an operator broadcasts by itself. Expands that the model asks for stay.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %implicit : bool = prim::Constant[value=1]()
  %3 : int = prim::Constant[value=4]()
  %size : int[] = prim::ListConstruct(%3, %3)
  %wide : Tensor = aten::expand(%y, %size, %implicit)
  %sum : Tensor = aten::add(%x, %wide, %one)
  return (%sum)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveExpands(graph); }, {{"aten::expand"}, "aten::expand"});
  row.host = one_call(row.function, row.header, {}, {"_jit_pass_remove_expands"});
  return row;
}

} // namespace

void register_shapes(Registry& registry) {
  registry.add(propagate_input_shapes());
  registry.add(erase_shape_information());
  registry.add(remove_expands());
}

} // namespace tsir
