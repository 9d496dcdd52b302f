// Dtypes, devices and number types.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include "lib/pass/refused.h"

#include <ATen/autocast_mode.h>
#include <torch/csrc/jit/ir/graph_utils.h>
#include <torch/csrc/jit/passes/autocast.h>
#include <torch/csrc/jit/passes/device_type_analysis.h>
#include <torch/csrc/jit/passes/dtype_analysis.h>
#include <torch/csrc/jit/passes/erase_number_types.h>

namespace tsir {
namespace {

// The first node on which LibTorch's dtype propagation throws, or nullptr.
const jit::Node* stops_dtypes(const jit::Block& block) {
  for (const jit::Node* node : block.nodes()) {
    const bool makes_tensor = std::ranges::any_of(node->outputs(), [](const jit::Value* output) {
      return output->type()->castRaw<c10::TensorType>() != nullptr;
    });
    const bool is_if = node->kind() == c10::prim::If;
    const bool is_call = node->kind() == c10::prim::CallMethod || node->kind() == c10::prim::CallFunction;
    const bool other_blocks = !is_if && !node->blocks().empty();
    const bool unknown = makes_tensor && !node->kind().is_aten() && node->kind() != c10::prim::Constant;
    if (is_call || other_blocks || unknown || (is_if && !node->outputs().empty())) {
      return node;
    }
    for (const jit::Block* inner : node->blocks()) {
      if (const jit::Node* found = stops_dtypes(*inner)) {
        return found;
      }
    }
  }
  return nullptr;
}

PassRow dtype_propagation() {
  PassRow row;
  row.name = "dtype-propagation";
  row.function = "torch::jit::DtypePropagation";
  row.header = "torch/csrc/jit/passes/dtype_analysis.h";
  row.runs_operators = true;
  row.order = "after inline, and annotate-input-shapes or propagate-shapes-on-graph, which give ranks";
  row.looks_for = "operators whose tensor inputs have types with dtype and rank";
  row.summary = "Infers dtypes from those of the inputs";
  row.description = "If all tensor inputs of an operator have a known dtype and number of dimensions, its result gets "
                    "the dtype that the operator returns for tensors without data, or one from a table for operators "
                    "of torch.nn. LibTorch supports only graphs of aten operators without control flow: loops, "
                    "prim::If with results, calls, and prim operators that make tensors are refused.";
  row.example =
      R"(graph(%x : Long(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %y : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Tensor = aten::mul(%x, %y)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) {
    if (const jit::Node* node = stops_dtypes(*graph->block())) {
      throw Refused(fmt::format("LibTorch cannot infer dtypes in a graph with {}", node->kind().toQualString()));
    }
    jit::DtypePropagation(graph);
  });
  return row;
}

PassRow device_type_propagation() {
  PassRow row;
  row.name = "device-type-propagation";
  row.function = "torch::jit::DeviceTypePropagation";
  row.header = "torch/csrc/jit/passes/device_type_analysis.h";
  row.order = "after inline and annotate-input-shapes";
  row.looks_for = "operators whose tensor inputs have types with a device";
  row.summary = "Infers devices from those of the inputs";
  row.description = "The results of an operator get the device of its tensor inputs, or the constant device that it is "
                    "given. aten::cpu, aten::cuda and a few more have rules of their own, and zero-dimensional tensors "
                    "may be combined with another device. Results of prim::If and prim::Loop get a device if all paths "
                    "to them agree. Calls are not entered.";
  row.example =
      R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Tensor = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::DeviceTypePropagation(graph); });
  return row;
}

PassRow erase_number_types() {
  PassRow row;
  row.name = "erase-number-types";
  row.function = "torch::jit::EraseNumberTypes";
  row.header = "torch/csrc/jit/passes/erase_number_types.h";
  row.savable = false;
  row.executable = false;
  row.idempotent = false;
  row.looks_for = "numbers";
  row.summary = "Turns numbers into zero-dimensional tensors, as ONNX needs them";
  row.description =
      "Constant numbers become constant tensors, conversions between numbers and tensors are removed, and other values "
      "of number types get the type Tensor. Operators that take numbers no longer match their schema afterwards: the "
      "graph is for export, not for running. Unused nodes stay until eliminate-dead-code.";
  row.example = R"(graph(%x : Tensor):
  %two : int = prim::Constant[value=2]()
  %1 : Tensor = aten::mul(%x, %two)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::EraseNumberTypes(graph); });
  return row;
}

// LibTorch's function expects the tensors of tuples one after another, and for a list one tensor that stands for all.
void flatten(const c10::Type& type, const c10::IValue& value, jit::Stack& stack) {
  const bool listed = type.kind() == c10::TypeKind::ListType && !value.toListRef().empty();
  if (type.kind() == c10::TypeKind::TupleType) {
    for (size_t i = 0; i < type.containedTypes().size(); ++i) {
      flatten(*type.containedType(i), value.toTupleRef().elements().at(i), stack);
    }
  } else if (listed) {
    flatten(*type.containedType(0), value.toListRef().front(), stack);
  } else if (type.kind() == c10::TypeKind::OptionalType && !value.isNone()) {
    flatten(*type.containedType(0), value, stack);
  } else if (type.kind() == c10::TypeKind::ListType || value.isNone()) {
    throw Refused(fmt::format("an input of type {} has no tensor to take a type from", type.annotation_str()));
  } else {
    stack.push_back(value);
  }
}

PassRow set_input_tensor_types() {
  PassRow row;
  row.name = "set-input-tensor-types";
  row.function = "torch::jit::setInputTensorTypes";
  row.header = "torch/csrc/jit/ir/graph_utils.h";
  row.options = {{"complete", false, "also set shapes and strides, not only the number of dimensions", {}}};
  row.needs = {Need::inputs};
  row.order = "before propagate-input-shapes or propagate-shapes-on-graph";
  row.looks_for = "tensor inputs";
  row.summary = "Gives the graph's inputs the types of the example inputs";
  row.description = "Tensor inputs, also those in tuples, get a type with the dtype, device and number of dimensions "
                    "of the example input in the same place, and with complete=true also the shape and strides. A list "
                    "gets the type of its first tensor. Empty lists and None are refused.";
  row.example = R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  return (%1)
)";
  row.example_inputs = {"float32[2,3]"};
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    if (context.inputs == nullptr) {
      throw Refused(fmt::format("it takes the types from example inputs: {}", to_advice(Need::inputs)));
    }
    const jit::Stack full = unit.stack(*context.inputs);
    jit::Stack flat;
    for (size_t i = 0; i < std::min(full.size(), unit.graph()->inputs().size()); ++i) {
      flatten(*unit.graph()->inputs()[i]->type(), full[i], flat);
    }
    jit::setInputTensorTypes(*unit.graph(), flat, context.options.flag("complete"));
    return "";
  };
  return row;
}

// Sets the autocast state that the pass reads, and restores it afterwards.
class AutocastState {
public:
  AutocastState(c10::DeviceType device, at::ScalarType dtype)
      : device_(device), pass_before_(jit::setAutocastMode(true)), before_(at::autocast::is_autocast_enabled(device)),
        dtype_before_(at::autocast::get_autocast_dtype(device)) {
    at::autocast::set_autocast_enabled(device, true);
    at::autocast::set_autocast_dtype(device, dtype);
  }
  ~AutocastState() {
    at::autocast::set_autocast_dtype(device_, dtype_before_);
    at::autocast::set_autocast_enabled(device_, before_);
    jit::setAutocastMode(pass_before_);
  }
  AutocastState(const AutocastState&) = delete;
  AutocastState& operator=(const AutocastState&) = delete;

private:
  c10::DeviceType device_;
  bool pass_before_;
  bool before_;
  at::ScalarType dtype_before_;
};

// Python has no function that turns on the pass for a graph alone.
HostCode autocast_code(const PassOptions& options, const std::string&) {
  const std::string device = options.text("device") == "cuda" ? "at::kCUDA" : "at::kCPU";
  const std::string dtype = options.text("dtype") == "float16" ? "at::kHalf" : "at::kBFloat16";
  return {.headers = {"ATen/autocast_mode.h", "torch/csrc/jit/passes/autocast.h"},
          .cpp = fmt::format("const bool pass_before = torch::jit::setAutocastMode(true);\n"
                             "const bool before = at::autocast::is_autocast_enabled({0});\n"
                             "const at::ScalarType dtype_before = at::autocast::get_autocast_dtype({0});\n"
                             "at::autocast::set_autocast_enabled({0}, true);\n"
                             "at::autocast::set_autocast_dtype({0}, {1});\n"
                             "torch::jit::Autocast(graph);\n"
                             "at::autocast::set_autocast_dtype({0}, dtype_before);\n"
                             "at::autocast::set_autocast_enabled({0}, before);\n"
                             "torch::jit::setAutocastMode(pass_before);",
                             device, dtype),
          .python = ""};
}

PassRow autocast() {
  PassRow row;
  row.name = "autocast";
  row.keeps_interface = false; // outputs may have the lower precision
  row.function = "torch::jit::Autocast";
  row.header = "torch/csrc/jit/passes/autocast.h";
  row.options = {{"device", std::string("cpu"), "device whose tensors are cast", {"cpu", "cuda"}},
                 {"dtype", std::string("bfloat16"), "the reduced-precision dtype", {"bfloat16", "float16"}}};
  row.changes_numerics = true;
  row.idempotent = false;
  row.order = "after inline and freeze-module";
  row.looks_for = "matrix products, convolutions and operators that need full precision";
  row.upstream = {
      {"csarofeen/pytorch#1142", "operators that promote dtypes keep the dtype that they had before the casts", ""}};
  row.summary = "Casts to reduced precision around products and convolutions, and to float32 where precision matters";
  row.description =
      "Acts like torch.autocast around the whole graph, and respects torch.autocast blocks inside it. Inputs of "
      "products, convolutions and recurrent cells are cast to the reduced dtype. Inputs of softmax, exp, log, norms "
      "and losses are cast to float32. Additions, concatenations and similar operators use the widest dtype. The casts "
      "are operators of their own (aten::_autocast_to_reduced_precision, aten::_autocast_to_full_precision) that check "
      "the tensor's device at run time. In-place operators are left alone. A bias of type Tensor? is not cast, and the "
      "operator throws: freeze first. The result of the last operator may have the reduced dtype.";
  row.example = R"(graph(%x : Tensor, %y : Tensor):
  %1 : Tensor = aten::mm(%x, %y)
  %2 : Tensor = aten::exp(%1)
  return (%2)
)";
  row.example_inputs = {"float32[4,4]=ones", "float32[4,4]=ones"};
  row.run = on_graph([](GraphPtr& graph, const PassOptions& options) {
    const AutocastState state(options.text("device") == "cuda" ? c10::kCUDA : c10::kCPU,
                              options.text("dtype") == "float16" ? at::kHalf : at::kBFloat16);
    jit::Autocast(graph);
  });
  row.host = autocast_code;
  return row;
}

} // namespace

void register_types(Registry& registry) {
  registry.add(dtype_propagation());
  registry.add(device_type_propagation());
  registry.add(erase_number_types());
  registry.add(set_input_tensor_types());
  registry.add(autocast());
}

} // namespace tsir
