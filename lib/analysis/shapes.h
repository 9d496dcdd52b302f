// The known properties of each tensor of a graph.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

struct TensorFacts {
  const jit::Value* value = nullptr;
  std::string dtype;   // "float32"; "?" if unknown
  std::string shape;   // "[2, *]", where * marks sizes that differed; "?"
  std::string layout;  // "contiguous", "channels last", "strides [1, 2]", "?"
  std::string device;  // "cpu", "?"
  std::string problem; // why nothing is known: "not reached in this run"; otherwise ""
};

// All tensors in the order of their definition.
std::vector<TensorFacts> tensors_of(const AnalysisInput& subject);

} // namespace tsir
