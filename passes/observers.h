// The observers that quantization attaches to a module: makes them, runs them, and reads what they recorded.
#pragma once

#include "lib/pass/row.h"

#include <torch/csrc/jit/passes/quantization/insert_observers.h>

namespace tsir {

// The option that every quantization pass has; its default is LibTorch's.
OptionSpec quant_type_option();
jit::QuantType quant_type(const PassOptions& options);

struct ObserverSettings {
  jit::QuantType type = jit::QuantType::STATIC;
  bool per_channel = true;          // one scale per output channel of a weight
  std::vector<std::string> modules; // paths of the submodules to observe; empty: all
};

// LibTorch's map from module paths to pairs of observers, for activations and for weights. Activations become quint8 in
// 0 to 127, which cannot overflow the sums of any CPU's kernels; weights become symmetric qint8 in -127 to 127. Throws
// Refused if the module lacks a submodule in `settings`.
jit::QConfigDict observers_for(const jit::Module& module, const ObserverSettings& settings);

// The observers of a module, found by LibTorch's names for them.
struct ObserverCount {
  size_t all = 0;
  size_t placeholders = 0; // for dynamic quantization; they record nothing
  size_t unused = 0;       // min-max observers that have not seen values yet
};
ObserverCount count_observers(const jit::Module& module);

// Why there is nothing to do if the module has no observers, or "". Throws Refused if it has observers of the other
// type.
std::string missing_observers(const jit::Module& module, jit::QuantType type);

// Runs the graph on the example inputs, so that the observers see them. The graph runs as it stands, because an
// optimised one might drop observers. Throws Refused if there are no inputs.
void calibrate(const Unit& unit, const PassContext& context);

// Quantization passes work on `forward` whichever method they are given: throws Refused on another method.
void check_forward(const Unit& unit);
// Throws Refused if the module is in train mode, which `what` would make permanent.
void check_eval_mode(const jit::Module& module, std::string_view what);

} // namespace tsir
