// Which node of one graph is which of another: by structure, so that names and places do not matter.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Both ways: nodes and values of either graph to those of the other. What has no partner is not in them.
struct GraphMatch {
  std::unordered_map<const jit::Node*, const jit::Node*> nodes;
  std::unordered_map<const jit::Value*, const jit::Value*> values;
  const jit::Node* partner(const jit::Node& node) const;
  const jit::Value* partner(const jit::Value& value) const;
};

// Nodes that compute the same from the same values are partners wherever they stand. What is left is aligned by what
// the nodes do, then by their operators alone: such partners differ in inputs or attributes. Nested blocks are matched
// where the nodes that hold them are; subgraphs are not.
GraphMatch match_graphs(const jit::Graph& before, const jit::Graph& after);

} // namespace tsir
