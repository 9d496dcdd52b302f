// The observers that quantization attaches to a module: made here, run, and asked what they saw.
#pragma once

#include "lib/pass/row.h"

#include <torch/csrc/jit/passes/quantization/insert_observers.h>

namespace tsir {

// The option that every pass of quantization has; its default is LibTorch's.
OptionSpec quant_type_option();
jit::QuantType quant_type(const PassOptions& options);

struct ObserverSettings {
  jit::QuantType type = jit::QuantType::STATIC;
  bool per_channel = true;          // a scale for each output channel of a weight
  std::vector<std::string> modules; // paths of the submodules to observe; empty: all
};

// LibTorch's map from module paths to pairs of observers, for activations and for weights. Activations become quint8
// in 0 to 127, which cannot overflow the sums of any CPU's kernels; weights qint8 in -127 to 127, symmetric. Throws
// Refused where the module has no such submodule.
jit::QConfigDict observers_for(const jit::Module& module, const ObserverSettings& settings);

// What stands in a module under LibTorch's names for observers.
struct ObserverCount {
  size_t all = 0;
  size_t placeholders = 0; // of dynamic quantization: they record nothing
  size_t unused = 0;       // min-max observers that saw no values yet
};
ObserverCount count_observers(const jit::Module& module);

// Why there is nothing to do where the module has no observers, or "". Throws Refused where it has those of the
// other type.
std::string missing_observers(const jit::Module& module, jit::QuantType type);

// Shows the observers the example inputs. The graph runs as it stands: an optimised one might leave observers out.
// Throws Refused where there are no inputs.
void calibrate(const Unit& unit, const PassContext& context);

// The passes of quantization work on `forward` whatever they are told: throws Refused on another method.
void check_forward(const Unit& unit);
// Throws Refused on train mode, which `what` would fix for good.
void check_eval_mode(const jit::Module& module, std::string_view what);

} // namespace tsir
