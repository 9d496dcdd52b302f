// The operations and memory traffic of a graph, and their ratio.
#pragma once

#include "lib/analysis/flops.h"

namespace tsir {

struct NodeCost {
  const jit::Node* node = nullptr;
  uint64_t runs = 1; // how often it ran
  double flops = 0;  // total of all runs
  FlopClass kind = FlopClass::none;
  double read = 0; // bytes, total of all runs; views do not read or write
  double written = 0;
  std::string uncounted; // why its operations are not counted: "no formula"; "" if they are
  bool bytes_known = true;
};

struct OperatorCost {
  std::string name;
  size_t nodes = 0;
  double flops = 0;
  double read = 0;
  double written = 0;
  size_t uncounted = 0; // nodes whose operations are not counted
};

struct Cost {
  std::vector<NodeCost> nodes;         // operators on tensors that ran, in order
  std::vector<OperatorCost> operators; // most operations first
  double flops = 0;
  double product_flops = 0; // those of FlopClass::product, which torch.utils.flop_counter counts too
  double read = 0;
  double written = 0;
  size_t not_reached = 0;   // nodes in blocks that never ran
  size_t unknown_bytes = 0; // nodes with a tensor of unknown size

  double intensity() const { return read + written > 0 ? flops / (read + written) : 0; } // operations per byte
};

Cost cost_of(const AnalysisInput& subject);

// "3.64 G"; below a thousand the number is exact.
std::string human_flops(double flops);

} // namespace tsir
