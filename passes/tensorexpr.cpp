// Steps by which NNC's compiler prepares graphs before it compiles them.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include "lib/pass/refused.h"

#include <torch/csrc/jit/tensorexpr/graph_opt.h>

#include <charconv>

namespace tsir {

void register_fuser_helpers(Registry&); // fuser_helpers.cpp

namespace {

constexpr auto graph_opt_header = "torch/csrc/jit/tensorexpr/graph_opt.h";

PassRow trim_graph() {
  PassRow row;
  row.name = "trim-graph";
  row.function = "torch::jit::tensorexpr::trimGraph";
  row.header = graph_opt_header;
  row.options = {{"iters", int64_t{1}, "number of outputs to replace by the inputs of their nodes", {}}};
  row.savable = false; // a method of a .pt returns one value
  row.keeps_interface = false;
  row.idempotent = false;
  row.looks_for = "outputs that a node makes";
  row.summary = "Removes nodes from the end of the graph, to find a small example of a failure";
  row.description = "Each round takes an output that is made by a node of the graph and returns that node's inputs "
                    "instead. Dead code is eliminated. After many rounds only the graph's inputs are left. Outputs "
                    "with a quantised type are dequantised. LibTorch uses this pass to bisect errors of its compiler.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::mul(%x, %y)
  %2 : Tensor = aten::relu(%1)
  return (%2)
)";
  row.run = on_graph(
      [](GraphPtr& graph, const PassOptions& options) { jit::tensorexpr::trimGraph(graph, options.integer("iters")); });
  return row;
}

PassRow annotate_input_shapes() {
  PassRow row;
  row.name = "annotate-input-shapes";
  row.function = "torch::jit::tensorexpr::annotateInputShapes";
  row.header = graph_opt_header;
  row.needs = {Need::inputs};
  row.order = "before propagate-shapes-on-graph, dtype-propagation and device-type-propagation";
  row.looks_for = "tensor inputs";
  row.summary = "Gives tensor inputs the complete types of the example inputs";
  row.description = "Each tensor input gets the dtype, shape, strides, device and requires_grad of its example input "
                    "as its type. Inputs of other types are left alone, also those that contain tensors.";
  row.example = R"(graph(%x : Tensor, %n : int):
  %1 : Tensor = aten::mul(%x, %n)
  return (%1)
)";
  row.example_inputs = {"float32[2,3]", "2"};
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    if (context.inputs == nullptr) {
      throw Refused(fmt::format("it takes the types from example inputs: {}", to_advice(Need::inputs)));
    }
    std::vector<std::optional<at::Tensor>> tensors;
    for (const c10::IValue& value : unit.stack(*context.inputs)) {
      const bool is_tensor = value.isTensor() && value.toTensor().defined();
      tensors.push_back(is_tensor ? std::optional<at::Tensor>(value.toTensor()) : std::nullopt);
    }
    jit::tensorexpr::annotateInputShapes(unit.graph(), tensors);
    return "";
  };
  return row;
}

PassRow remove_unused_self_argument() {
  PassRow row;
  row.name = "remove-unused-self-argument";
  row.function = "torch::jit::tensorexpr::removeUnusedSelfArgument";
  row.header = graph_opt_header;
  row.savable = false; // the result is not a method
  row.keeps_interface = false;
  row.order = "after freeze-module";
  row.looks_for = "a first input that is the module and is unused";
  row.summary = "Removes the module from a graph that does not use it";
  row.description = "A frozen method still takes the module as its first input. If that input is unused, it is "
                    "removed. The result is a bare graph, no longer a method of a module.";
  row.example = "def forward(self, x: Tensor) -> Tensor:\n    return torch.relu(x)\n";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    const GraphPtr graph = jit::tensorexpr::removeUnusedSelfArgument(unit.graph()->copy());
    if (graph->inputs().size() < unit.graph()->inputs().size()) {
      unit = Unit::of_graph(graph, unit.name());
    }
    return "";
  };
  return row;
}

std::optional<int64_t> size_in(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string wrong_sizes(const PassOptions& options) {
  const auto& texts = options.list("sizes");
  const auto wrong = std::ranges::find_if(texts, [](const std::string& text) { return !size_in(text); });
  return wrong == texts.end() ? "" : fmt::format("\"{}\" is not a size", *wrong);
}

std::vector<int64_t> sizes(const PassOptions& options) {
  std::vector<int64_t> values;
  for (const std::string& text : options.list("sizes")) {
    values.push_back(size_in(text).value());
  }
  return values;
}

PassRow make_shapes_symbolic() {
  PassRow row;
  row.name = "make-shapes-symbolic";
  row.function = "torch::jit::tensorexpr::makeShapesSymbolic";
  row.header = graph_opt_header;
  row.options = {{"sizes", std::vector<std::string>{"2"}, "sizes to replace", {}}};
  row.wrong_options = wrong_sizes;
  row.keeps_interface = false;
  row.idempotent = false;
  row.order = "after annotate-input-shapes and propagate-shapes-on-graph";
  row.looks_for = "types with shapes that contain one of the sizes";
  row.summary = "Replaces given sizes in all types by symbols, each with an input for its value";
  row.description = "Every dimension with one of the given sizes becomes a symbol (SS(-2)), the same one wherever that "
                    "size occurs, and the graph gets one more input of type int for each symbol. Equal sizes with "
                    "different meanings become one symbol. Nested blocks are not entered.";
  row.example =
      R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph(
      [](GraphPtr& graph, const PassOptions& options) { jit::tensorexpr::makeShapesSymbolic(graph, sizes(options)); });
  return row;
}

PassRow fixup_missing_shape_info() {
  PassRow row;
  row.name = "fixup-missing-shape-info";
  row.function = "torch::jit::tensorexpr::fixupMissingShapeInfo";
  row.header = graph_opt_header;
  row.order = "after propagate-shapes-on-graph";
  row.looks_for = "tensor types with concrete sizes that lack dtype, strides or device";
  row.summary = "Guesses the dtype, strides and device that types with sizes lack";
  row.description = "A tensor of known sizes gets contiguous strides if it has none, and the dtype and device of the "
                    "operator's inputs if these agree (the CPU if they have no device). It does not require gradients. "
                    "Constants get the type of their value. The dtype is a guess: a comparison gets the dtype of its "
                    "operands. The pass stops at an input without a dtype.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3) = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::tensorexpr::fixupMissingShapeInfo(graph); });
  return row;
}

PassRow remove_graph_output() {
  PassRow row;
  row.name = "remove-graph-output";
  row.function = "torch::jit::tensorexpr::removeGraphOutput";
  row.header = graph_opt_header;
  row.options = {{"idx", int64_t{0}, "index of the output, from 0", {}}};
  row.keeps_interface = false;
  row.idempotent = false;
  row.order = "before eliminate-dead-code";
  row.looks_for = "several outputs";
  row.summary = "Removes one of the graph's outputs";
  row.description = "Removes the output. The nodes that compute it stay until eliminate-dead-code. A method of a "
                    "module has one output only, and must keep it.";
  row.example = R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::neg(%x)
  return (%1, %2)
)";
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    const int64_t index = context.options.integer("idx");
    const auto count = static_cast<int64_t>(unit.graph()->outputs().size());
    if (index < 0 || index >= count) {
      throw Refused(fmt::format("output {} does not exist: the number of outputs is {}", index, count));
    }
    if (unit.has_module()) {
      throw Refused("a method must return something");
    }
    jit::tensorexpr::removeGraphOutput(unit.graph(), static_cast<size_t>(index));
    return "";
  };
  return row;
}

PassRow replace_list_output_with_tuple() {
  PassRow row;
  row.name = "replace-list-output-with-tuple";
  row.function = "torch::jit::tensorexpr::replaceListOutputWithTuple";
  row.header = graph_opt_header;
  row.keeps_interface = false;
  row.order = "before lower-all-tuples, which turns the tuple into several outputs";
  row.looks_for = "a first output made by prim::ListConstruct";
  row.summary = "Returns a tuple instead of a list";
  row.description = "The list that is the graph's first output becomes a tuple of the same values, if a "
                    "prim::ListConstruct makes the list and only the output uses it.";
  row.example = R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %list : Tensor[] = prim::ListConstruct(%x, %1)
  return (%list)
)";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    const auto outputs = unit.graph()->outputs();
    if (outputs.empty() || outputs[0]->node()->kind() != c10::prim::ListConstruct || outputs[0]->uses().size() != 1) {
      return "found no list that is used only as the first output"; // LibTorch would make a tuple of any node's inputs
    }
    jit::tensorexpr::replaceListOutputWithTuple(unit.graph());
    return "";
  };
  return row;
}

PassRow is_graph_compilable() {
  PassRow row;
  row.name = "is-graph-compilable";
  row.function = "torch::jit::tensorexpr::isGraphCompilable";
  row.header = graph_opt_header;
  row.kind = PassKind::analysis;
  row.order = "after annotate-input-shapes and propagate-shapes-on-graph, dtype-propagation, fixup-missing-shape-info";
  row.looks_for = "complete types";
  row.summary = "Reports whether all types are as complete as NNC's compiler needs them";
  row.description =
      "NNC can compile a whole graph if every input is a tensor, a float, an int or a bool, and every tensor has a "
      "dtype, a device, sizes and strides. The analysis does not check whether NNC supports the operators.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  row.run = [](Unit& unit, const PassContext&) -> PassResult {
    const bool compilable = jit::tensorexpr::isGraphCompilable(unit.graph());
    PassResult result;
    result.report = compilable ? "all types are complete\n" : "an input or a tensor has an incomplete type\n";
    result.data = {{"compilable", compilable}};
    return result;
  };
  return row;
}

} // namespace

void register_tensorexpr(Registry& registry) {
  registry.add(trim_graph());
  registry.add(annotate_input_shapes());
  registry.add(remove_unused_self_argument());
  registry.add(make_shapes_symbolic());
  registry.add(fixup_missing_shape_info());
  registry.add(remove_graph_output());
  registry.add(replace_list_output_with_tuple());
  registry.add(is_graph_compilable());
  register_fuser_helpers(registry);
}

} // namespace tsir
