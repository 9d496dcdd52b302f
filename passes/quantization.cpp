// Post-training quantization: observers, then quantize and dequantize nodes, then quantized operators.
#include "passes/quantization.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/observers.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/quantization/finalize.h>
#include <torch/csrc/jit/passes/quantization/insert_quant_dequant.h>

namespace tsir {
namespace {

std::string insert_observers(Unit& unit, const PassContext& context) {
  const ObserverSettings settings{.type = quant_type(context.options),
                                  .per_channel = context.options.flag("per-channel"),
                                  .modules = context.options.list("modules")};
  if (count_observers(unit.module()).all > 0) {
    return "the module already has observers";
  }
  check_eval_mode(unit.module(), "quantization");
  constexpr auto lost = "LibTorch cannot tell which submodule an operator belongs to: its module is chosen at run time";
  const auto insert = [&] {
    unit.set_module(jit::InsertObservers(unit.module(), unit.name(), observers_for(unit.module(), settings),
                                         /*inplace=*/false, settings.type));
  };
  refuse_where_it_says(
      {Message::one_branch_observed},
      "the branches of a prim::If return values of which only one would be observed: LibTorch cannot quantize this",
      [&] { refuse_where_it_says({Message::module_path_unknown}, lost, insert); });
  const size_t count = count_observers(unit.module()).all;
  return count == 0 ? "found nothing to quantize: it looks for linear, convolution and other operators that have "
                      "quantized kernels"
                    : fmt::format("inserted {} observers", count);
}

PassRow insert_observers_row() {
  PassRow row;
  row.name = "insert-observers";
  row.function = "torch::jit::InsertObservers";
  row.header = "torch/csrc/jit/passes/quantization/insert_observers.h";
  row.kind = PassKind::module;
  row.options = {
      quant_type_option(),
      {"per-channel", true, "one scale per output channel of a weight; false: one for the whole weight", {}},
      {"modules",
       std::vector<std::string>{},
       "submodules to quantize, with everything inside them: a;b.c; empty: all",
       {}},
  };
  row.needs = {Need::module, Need::eval};
  row.runs_operators = true; // copies the module with its values, so __setstate__ must have run
  row.order = "on a module as it was loaded, after fold-conv-batch-norm; before insert-quant-de-quant";
  row.looks_for = "linear, convolution and other operators that have quantized kernels";
  row.summary = "Attaches observers to values and weights that can be quantized";
  row.description =
      "Every value that is an input or output of an operator with a quantized kernel gets a submodule of its own "
      "(_observer_0 and so on), which is called with the value and records its minimum and maximum. Weights get one "
      "too. The results stay the same. Values inside a pattern that has a fused kernel (for example convolution and "
      "relu) are left out. With quant-type=dynamic, all activations only get a placeholder. LibTorch leaves the choice "
      "of observers to its caller: tsir uses min-max observers, for activations as quint8 in 0 to 127 and for weights "
      "as qint8. The pass works on calls of methods: do not inline or freeze first.";
  row.example = quantization_example;
  row.example_inputs = {"float32[4,3]=ones"};
  row.run = insert_observers;
  return row;
}

std::string insert_quant_de_quant(Unit& unit, const PassContext& context) {
  const jit::QuantType type = quant_type(context.options);
  check_forward(unit);
  if (std::string reason = missing_observers(unit.module(), type); !reason.empty()) {
    return reason;
  }
  if (type == jit::QuantType::STATIC && context.options.flag("calibrate")) {
    calibrate(unit, context);
  }
  const size_t unused = type == jit::QuantType::STATIC ? count_observers(unit.module()).unused : 0;
  unit.set_module(jit::InsertQuantDeQuant(unit.module(), unit.name(), /*inplace=*/false, /*debug=*/false, type));
  return unused == 0
             ? ""
             : fmt::format("{} observers saw no values: the values they observe are quantized to about zero", unused);
}

PassRow insert_quant_de_quant_row() {
  PassRow row;
  row.name = "insert-quant-de-quant";
  row.function = "torch::jit::InsertQuantDeQuant";
  row.header = "torch/csrc/jit/passes/quantization/insert_quant_dequant.h";
  row.kind = PassKind::module;
  row.options = {
      quant_type_option(),
      {"calibrate", true, "static: run the module on the example inputs first, so that its observers see values", {}},
  };
  row.needs = {Need::module, Need::eval, Need::observed};
  row.changes_numerics = true;
  row.runs_operators = true;
  row.order = "after insert-observers, before finalize";
  row.looks_for = "observers";
  row.summary = "Replaces observers by quantize and dequantize nodes";
  row.description = "Takes a scale and a zero point from each observer, stores these as attributes of the module, and "
                    "replaces the observer by aten::quantize_per_tensor (or per_channel) and aten::dequantize. Then it "
                    "inlines forward and moves the nodes past operators such as flatten or max_pool that also work on "
                    "quantized values. Operators still compute in floating point, on values rounded as the quantized "
                    "kernels will round them, which shows the loss of accuracy. With quant-type=dynamic the scales of "
                    "activations are chosen in each run. The scales are as good as the example inputs: use real ones.";
  row.example = quantization_example;
  row.example_inputs = {"float32[4,3]=ones"};
  row.example_passes = "insert-observers";
  row.run = insert_quant_de_quant;
  return row;
}

std::string finalize(Unit& unit, const PassContext& context) {
  check_forward(unit);
  check_eval_mode(unit.module(), "freezing");
  if (count_observers(unit.module()).all > 0) {
    throw Refused(fmt::format("the module still has observers: {}", to_advice(Need::quantized)));
  }
  unit.set_module(jit::Finalize(unit.module(), quant_type(context.options), context.options.list("preserved-attrs")));
  return "";
}

PassRow finalize_row() {
  PassRow row;
  row.name = "finalize";
  row.aliases = {"quant-finalize"};
  row.function = "torch::jit::Finalize";
  row.header = "torch/csrc/jit/passes/quantization/finalize.h";
  row.kind = PassKind::module;
  row.options = {
      quant_type_option(),
      {"preserved-attrs",
       std::vector<std::string>{},
       "attributes and methods to keep, as in freeze-module: a;sub.b",
       {}},
  };
  row.needs = {Need::module, Need::eval, Need::quantized};
  row.changes_numerics = true;
  row.runs_operators = true;
  row.idempotent = false;
  row.order = "after insert-quant-de-quant with the same quant-type, last";
  row.looks_for = "operators between dequantize and quantize nodes";
  row.summary = "Fuses quantize and dequantize nodes into quantized operators and freezes the module";
  row.description =
      "Runs insert-prepack-unpack and quant-fusion on forward, freezes the module (see freeze-module) and folds the "
      "packing of weights (see fold-quantized-prepacking-ops). The result has operators of the quantized namespace, "
      "with packed int8 weights as attributes. Results differ from those of the floating-point model by the rounding "
      "to 8 bits. The operators run on CPUs, in the engine that LibTorch was built with (x86, fbgemm, qnnpack).";
  row.example = quantization_example;
  row.example_inputs = {"float32[4,3]=ones"};
  row.example_passes = "insert-observers,insert-quant-de-quant";
  row.run = finalize;
  return row;
}

} // namespace

void register_quantization(Registry& registry) {
  registry.add(insert_observers_row());
  registry.add(insert_quant_de_quant_row());
  registry.add(finalize_row());
  register_quantization_rewrites(registry);
}

} // namespace tsir
