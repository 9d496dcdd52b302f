// Where gradients flow in a graph, and where they stop.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

// symbolic: LibTorch has a symbolic gradient that TorchScript can insert into the graph. autograd: only autograd's
// backward of the operator. cut: gradients stop here. none: the operator does not have a gradient.
enum class GradientKind { symbolic, autograd, cut, none };
std::string_view to_string(GradientKind kind);

struct GradientFact {
  const jit::Node* node = nullptr;
  GradientKind kind = GradientKind::none;
  std::string why; // reason for a cut: "it returns int64"; otherwise usually empty
};

struct Gradients {
  std::vector<GradientFact> nodes; // operators that produce tensors, in order
  // groups formed by torch::jit::CreateAutodiffSubgraphs; largest first
  std::vector<std::vector<const jit::Node*>> groups;
  bool whole = false;    // torch::jit::isDifferentiable of the graph
  std::string no_groups; // why the groups are unknown; otherwise empty
};

Gradients gradients_of(const AnalysisInput& subject);

} // namespace tsir
