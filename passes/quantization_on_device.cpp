// On-device quantization: its steps become methods of the module, to be called on the device.
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/observers.h"
#include "passes/quantization.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/quantization/finalize.h>
#include <torch/csrc/jit/passes/quantization/insert_quant_dequant.h>
#include <torch/csrc/jit/passes/quantization/register_packed_params.h>

namespace tsir {
namespace {

constexpr std::string_view observe_prefix = "observe_";
constexpr std::string_view quantize_prefix = "quantize_";

// These passes keep the method as it was and add another, which the next pass works on.
std::string go_to_method(Unit& unit, jit::Module module, const std::string& method) {
  unit = Unit::of_module(std::move(module), method);
  return fmt::format("added the method {}, which is now the selected method", method);
}

std::string wrong_method(const Unit& unit, std::string_view prefix, const std::string& before) {
  return unit.name().starts_with(prefix)
             ? ""
             : fmt::format("it works on a method {}…, not on {}: run {} first", prefix, unit.name(), before);
}

PassRow on_device_row() {
  PassRow row;
  row.kind = PassKind::module;
  row.needs = {Need::module, Need::eval};
  row.example = quantization_example;
  row.example_inputs = {"float32[4,3]=ones"};
  return row;
}

PassRow insert_observers_on_device() {
  PassRow row = on_device_row();
  row.name = "insert-observers-for-on-device-ptq";
  row.function = "torch::jit::InsertObserversForOnDevicePTQ";
  row.header = "torch/csrc/jit/passes/quantization/insert_observers.h";
  row.options = {
      {"per-channel", true, "one scale per output channel of a weight; false: one for the whole weight", {}}};
  row.runs_operators = true; // copies the module with its values, so __setstate__ must have run
  row.order = "first of the on-device passes, before insert-quant-de-quant-on-device-ptq";
  row.looks_for = "linear layers";
  row.summary = "Adds a method observe_…, a copy of the method with observers";
  row.description =
      "Quantization on the device: instead of calibrating now, the module gets methods that do it later. This step "
      "copies the selected method as observe_NAME, with observers on the weights that can be quantized. The method "
      "itself is inlined and otherwise kept. LibTorch's own interface uses these passes for dynamic quantization only, "
      "so activations get no observer that records. The new method becomes the selected one.";
  row.run = [](Unit& unit, const PassContext& context) {
    check_eval_mode(unit.module(), "quantization");
    const std::string method = std::string(observe_prefix) + unit.name();
    if (unit.module().find_method(method) || unit.name().starts_with(observe_prefix)) {
      return fmt::format("the module already has observers, in {}",
                         unit.name().starts_with(observe_prefix) ? unit.name() : method);
    }
    jit::Inline(*unit.graph()); // as LibTorch's own caller does, because the new method must contain everything
    const ObserverSettings settings{
        .type = jit::QuantType::DYNAMIC, .per_channel = context.options.flag("per-channel"), .modules = {}};
    std::string note;
    refuse_where_it_says(
        {Message::module_path_unknown},
        "LibTorch cannot tell which submodule an operator belongs to: its module is chosen at run time", [&] {
          note = go_to_method(unit,
                              jit::InsertObserversForOnDevicePTQ(unit.module(), unit.name(),
                                                                 observers_for(unit.module(), settings),
                                                                 /*inplace=*/false, jit::QuantType::DYNAMIC),
                              method);
        });
    return note;
  };
  return row;
}

PassRow insert_quant_de_quant_on_device() {
  PassRow row = on_device_row();
  row.name = "insert-quant-de-quant-on-device-ptq";
  row.function = "torch::jit::InsertQuantDeQuantOnDevicePTQ";
  row.header = "torch/csrc/jit/passes/quantization/insert_quant_dequant.h";
  row.options = {{"observe", false, "first run the observed method on the example inputs, as the device would", {}}};
  row.needs.push_back(Need::observed);
  row.changes_numerics = true;
  row.runs_operators = true;
  row.order = "after insert-observers-for-on-device-ptq, before finalize-on-device-ptq";
  row.looks_for = "observers in a method observe_…";
  row.summary = "Adds a method quantize_… that quantizes by what the observers saw";
  row.description =
      "Copies the method observe_NAME as quantize_NAME. In the copy, calls in the graph ask each weight's observer for "
      "its scale and zero point, and quantize and dequantize nodes use the answers. Unlike insert-quant-de-quant, the "
      "pass computes nothing itself, unless observe=true: quantize_NAME is valid only after observe_NAME has run.";
  row.example_passes = "insert-observers-for-on-device-ptq";
  row.run = [](Unit& unit, const PassContext& context) {
    if (std::string reason = wrong_method(unit, observe_prefix, "insert-observers-for-on-device-ptq");
        !reason.empty()) {
      return reason;
    }
    if (context.options.flag("observe")) {
      calibrate(unit, context);
    }
    const std::string method = std::string(quantize_prefix) + unit.name().substr(observe_prefix.size());
    return go_to_method(unit,
                        jit::InsertQuantDeQuantOnDevicePTQ(unit.module(), unit.name(), /*inplace=*/false,
                                                           /*debug=*/false, jit::QuantType::DYNAMIC),
                        method);
  };
  return row;
}

bool is_prepack(const jit::Node& node) {
  static const std::unordered_set<std::string_view> kinds{
      "quantized::linear_prepack", "quantized::conv1d_prepack",           "quantized::conv2d_prepack",
      "quantized::conv3d_prepack", "quantized::conv_transpose1d_prepack", "quantized::conv_transpose2d_prepack"};
  return kinds.contains(node.kind().toQualString());
}

// LibTorch clears the float weight by its attribute's name, and assumes without checking that the weight is an
// attribute.
void check_weight(const jit::Node& quantize) {
  if (quantize.kind() == c10::Symbol::fromQualString("aten::quantize_per_tensor") ||
      quantize.kind() == c10::Symbol::fromQualString("aten::quantize_per_channel")) {
    if (quantize.input(0)->node()->kind() != c10::prim::GetAttr) {
      throw Refused(
          "a quantized weight is computed or constant, not an attribute of a module: LibTorch cannot register it");
    }
    return;
  }
  throw Refused(fmt::format("a packed weight comes from {}, not from a quantize node", quantize.kind().toQualString()));
}

void check_prepacked_weights(const jit::Graph& graph) {
  walk(*graph.block(), [](const jit::Node& node) {
    if (is_prepack(node)) {
      check_weight(*node.input(0)->node());
    }
  });
}

void check_dequantized_weights(const jit::Graph& graph) {
  walk(*graph.block(), [](const jit::Node& node) {
    static const std::unordered_set<std::string_view> layers{"aten::linear", "aten::conv1d", "aten::conv2d",
                                                             "aten::conv3d"};
    if (layers.contains(node.kind().toQualString())) {
      const jit::Node* weight = node.input(1)->node();
      if (weight->kind() == c10::Symbol::fromQualString("aten::dequantize")) {
        check_weight(*weight->input(0)->node());
      }
    }
  });
}

PassRow finalize_on_device() {
  PassRow row = on_device_row();
  row.name = "finalize-on-device-ptq";
  row.function = "torch::jit::FinalizeOnDevicePTQ";
  row.header = "torch/csrc/jit/passes/quantization/finalize.h";
  row.needs.push_back(Need::quantized);
  row.changes_numerics = true;
  row.executable = false;
  row.order = "after insert-quant-de-quant-on-device-ptq";
  row.looks_for = "quantize and dequantize nodes in a method quantize_…";
  row.summary = "Splits quantize_… into a method that packs weights and one that computes with them";
  row.description =
      "quantize_NAME keeps the nodes that pack the weights and store them in attributes of the module, and frees the "
      "float weights. quantized_NAME computes with quantized operators on these attributes. On the device observe_NAME "
      "runs on real inputs, then quantize_NAME runs once, and from then on quantized_NAME. Before that quantized_NAME "
      "fails, because it has no weights. It becomes the selected method.";
  row.example_passes = "insert-observers-for-on-device-ptq,insert-quant-de-quant-on-device-ptq";
  row.run = [](Unit& unit, const PassContext&) {
    if (std::string reason = wrong_method(unit, quantize_prefix, "insert-quant-de-quant-on-device-ptq");
        !reason.empty()) {
      return reason;
    }
    check_dequantized_weights(*unit.graph());
    const std::string method = "quantized_" + unit.name().substr(quantize_prefix.size());
    return go_to_method(unit, jit::FinalizeOnDevicePTQ(unit.module(), jit::QuantType::DYNAMIC, unit.name()), method);
  };
  return row;
}

std::string register_pre_pack_params(Unit& unit, const PassContext& context) {
  check_prepacked_weights(*unit.graph());
  const auto names = jit::RegisterPrePackParams(
      unit.module(), unit.name(), [](jit::Node* node) { return is_prepack(*node); },
      context.options.text("attr-prefix"));
  return names.empty() ? "found no packing of quantized weights" : "";
}

PassRow register_pre_pack_params_row() {
  PassRow row = on_device_row();
  row.name = "register-pre-pack-params";
  row.function = "torch::jit::RegisterPrePackParams";
  row.header = "torch/csrc/jit/passes/quantization/register_packed_params.h";
  row.options = {{"attr-prefix", std::string(), "prefix of the names of the new attributes", {}}};
  row.idempotent = false;
  row.needs.push_back(Need::quantized);
  row.order = "after insert-prepack-unpack and quant-fusion; finalize-on-device-ptq runs it";
  row.looks_for = "quantized::…_prepack";
  row.summary = "Turns packed weights into attributes that the method itself writes";
  row.description =
      "The result of each quantized prepack operator is stored in a new attribute of the module (SetAttr) and read "
      "back from it where it is used. The float weight's attribute is overwritten with an empty tensor, so the method "
      "works only once, as a step of on-device quantization. Each packed weight must have exactly one use.";
  row.example_passes =
      "insert-observers-for-on-device-ptq,insert-quant-de-quant-on-device-ptq{observe=true},insert-prepack-unpack,"
      "quant-fusion{quant-type=dynamic}";
  row.run = register_pre_pack_params;
  return row;
}

} // namespace

void register_quantization_on_device(Registry& registry) {
  registry.add(insert_observers_on_device());
  registry.add(insert_quant_de_quant_on_device());
  registry.add(finalize_on_device());
  registry.add(register_pre_pack_params_row());
}

} // namespace tsir
