// Finds the operators on which LibTorch's oneDNN Graph fuser throws, and fuses the others.
#pragma once

#include "lib/compat/libtorch.h"

#include <functional>

namespace tsir {

struct FusedGraph {
  GraphPtr graph;
  // Operators that the fuser was not shown, each with its place: "aten::addmm at gpt2.py:35".
  std::vector<std::string> hidden = {};
};

// Calls `fuse` on copies of `graph`, and hides operators until it does not throw. One exception of the fuser would
// otherwise leave the whole graph unfused. A hidden operator is a prim::FallbackGraph of one node, which no pass looks
// into; inline_fallbacks() inlines it again. The number of calls grows with the logarithm of the graph's size, for each
// kind of operator that must be hidden.
FusedGraph fuse_what_can_be(jit::Graph& graph, const std::function<void(GraphPtr&)>& fuse);

} // namespace tsir
