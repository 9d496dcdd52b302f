// Hashes how the results of nodes are used, to distinguish nodes that compute the same value for different users.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Mixes all bits (the finalizer of SplitMix64).
inline uint64_t mixed(uint64_t bits) {
  bits += 0x9E3779B97F4A7C15;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31);
}

// For all nodes, including those in nested blocks. `node_hash_of` is the hash of a user on its own.
std::unordered_map<const jit::Node*, uint64_t>
use_hashes_of(const jit::Graph& graph, const std::function<uint64_t(const jit::Node&)>& node_hash_of);

} // namespace tsir
