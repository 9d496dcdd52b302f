// A hash that is equal for graphs that differ only in names. It decides whether a pass changed a graph, and whether two
// variants need to be timed separately. Constants are hashed by content.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

uint64_t canonical_hash(const jit::Graph& graph);

// Hashes of single nodes: the operator, attributes, nested blocks, and numbers of inputs and outputs. They do not
// depend on which values are a node's inputs, nor on the types of its outputs. Within a nested block, values of that
// block are told apart, those from outside of it are not. Hashes are remembered, so that deep nesting takes linear
// time.
class NodeHashes {
public:
  uint64_t of(const jit::Node& node);
  void reserve(size_t nodes) { known_.reserve(nodes); }

private:
  std::unordered_map<const jit::Node*, uint64_t> known_;
};

uint64_t attribute_hash(const jit::Node& node, c10::Symbol name);

} // namespace tsir
