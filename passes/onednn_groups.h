// The groups that LibTorch's oneDNN Graph fuser leaves in a graph. Each group stands in the first block of a prim::If
// on the result of a guard, which checks the types of the group's inputs; the second block, the fallback, holds the
// operators unfused.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct OnednnGroup {
  jit::Node* choice; // the prim::If
  jit::Node* guard;  // prim::oneDNNFusionGuard
  jit::Node* group;  // prim::oneDNNFusionGroup
};

// All groups of the graph, in order, those in nested blocks included.
std::vector<OnednnGroup> onednn_groups(jit::Graph& graph);

// Whether the node is the prim::If of a group.
bool is_choice(const jit::Node& node);

// The first operator of the group's fallback, which says where in the model's source the group comes from.
const jit::Node& first_operator(const OnednnGroup& group);

// Replaces the prim::If by the operators of the fallback, so that they run unfused.
void dissolve(const OnednnGroup& group);

} // namespace tsir
