#include "lib/pass/row.h"

#include "lib/base/setting.h"

namespace tsir {

std::string_view to_string(PassKind kind) {
  switch (kind) {
  case PassKind::graph:
    return "graph";
  case PassKind::module:
    return "module";
  case PassKind::profiled:
    return "profiled";
  case PassKind::analysis:
    return "analysis";
  }
  return "?";
}

std::string_view to_string(Need need) {
  switch (need) {
  case Need::module:
    return "module";
  case Need::eval:
    return "eval";
  case Need::frozen:
    return "frozen";
  case Need::inlined:
    return "inlined";
  case Need::inputs:
    return "inputs";
  case Need::gradients:
    return "gradients";
  case Need::profile_nodes:
    return "profile-nodes";
  case Need::no_mutation:
    return "no-mutation";
  case Need::observed:
    return "observed";
  case Need::quantized:
    return "quantized";
  case Need::mkldnn:
    return "mkldnn";
  case Need::cuda:
    return "cuda";
  case Need::cxx_compiler:
    return "cxx-compiler";
  }
  return "?";
}

std::string to_advice(Need need) {
  switch (need) {
  case Need::module:
    return "give a .pt: a bare graph has no module";
  case Need::eval:
    return "call .eval() on the module before saving it";
  case Need::frozen:
    return "run freeze first";
  case Need::inlined:
    return "run inline or freeze first";
  case Need::inputs:
    return "give example inputs with " + spelled(Setting::input);
  case Need::gradients:
    return "it acts on tensors that require gradients: give " + spelled(Setting::grad) +
           ", and weights that require them";
  case Need::profile_nodes:
    return "run instrument-graph first";
  case Need::no_mutation:
    return "run remove-tensor-mutation first";
  case Need::observed:
    return "run insert-observers first";
  case Need::quantized:
    return "run insert-quant-de-quant first";
  case Need::mkldnn:
    return "this LibTorch was built without oneDNN (MKLDNN)";
  case Need::cuda:
    return "give " + spelled(Setting::device) + " cuda on a machine that has one";
  case Need::cxx_compiler:
    return "install g++: this fuser compiles C++ when the graph runs";
  }
  return "?";
}

} // namespace tsir
