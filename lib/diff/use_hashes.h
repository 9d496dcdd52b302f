// Hashes how the results of nodes are used, to distinguish nodes that compute the same value for different users.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// For all nodes, including those in nested blocks. `node_hash_of` is the hash of a user on its own.
std::unordered_map<const jit::Node*, uint64_t>
use_hashes_of(const jit::Graph& graph, const std::function<uint64_t(const jit::Node&)>& node_hash_of);

} // namespace tsir
