// Where gradients come from in a graph, and where they stop.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

// symbolic: LibTorch has a gradient formula that TorchScript can put into the graph. autograd: only the operator's own
// backward in autograd. cut: gradients stop here. none: the operator has no gradient at all.
enum class GradientKind { symbolic, autograd, cut, none };
std::string_view to_string(GradientKind kind);

struct GradientFact {
  const jit::Node* node = nullptr;
  GradientKind kind = GradientKind::none;
  std::string why; // of a cut: "gives int64"; else mostly nothing
};

struct Gradients {
  std::vector<GradientFact> nodes;                   // operators that give tensors, in order
  std::vector<std::vector<const jit::Node*>> groups; // what torch::jit::CreateAutodiffSubgraphs joins; largest first
  bool whole = false;                                // torch::jit::isDifferentiable of the graph
  std::string no_groups;                             // why the groups are not known, or nothing
};

Gradients gradients_of(const AnalysisInput& subject);

} // namespace tsir
