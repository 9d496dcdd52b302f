// What becomes of a node's results: a hash that tells apart nodes that compute the same for different users.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Of all nodes, those of nested blocks too. `node_hash_of` is what a user counts as by itself.
std::unordered_map<const jit::Node*, uint64_t>
futures_of(const jit::Graph& graph, const std::function<uint64_t(const jit::Node&)>& node_hash_of);

} // namespace tsir
