// Matches the nodes of two graphs by structure, so that names and positions do not matter.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Maps nodes and values of each graph to those of the other. Those without a partner are not contained.
struct GraphMatch {
  std::unordered_map<const jit::Node*, const jit::Node*> nodes;
  std::unordered_map<const jit::Value*, const jit::Value*> values;
  const jit::Node* partner(const jit::Node& node) const;
  const jit::Value* partner(const jit::Value& value) const;
};

// Nodes that compute the same from the same values are partners, wherever they are. The rest is aligned by node hash,
// and then by operator only: such partners differ in inputs or attributes. Nested blocks are matched if their nodes
// are; subgraphs are not matched.
GraphMatch match_graphs(const jit::Graph& before, const jit::Graph& after);

} // namespace tsir
