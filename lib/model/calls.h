// The operators that a graph comes to when all its calls are followed, counted without inlining anything.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

using OperatorCounts = std::map<std::string, uint64_t>;

// A graph that calls lead to. `name` is that of its function, "torch.nn.modules.linear.Linear.forward".
struct ReachedGraph {
  std::string name;
  const jit::Graph* graph;
};

// The graph itself (without a name) and all that it calls, directly or not; each once, callers before callees.
std::vector<ReachedGraph> reached_graphs(const jit::Graph& graph);

// Follows each call as often as it is made: 40 functions that call the next twice give 2^40. Counts saturate. Calls
// that are followed do not count themselves, nor do constants and the reading of attributes.
class CallCounter {
public:
  const OperatorCounts& count(const jit::Graph& graph);

private:
  std::unordered_map<const jit::Graph*, OperatorCounts> counts_;
};

// Graphs with all their calls inlined, each made once.
class InlinedGraphs {
public:
  static constexpr size_t most_nodes = 1'000'000;
  // nullptr where the result would have `most_nodes` nodes or more. `graph` must outlive this object.
  GraphPtr of(const jit::Graph& graph);

private:
  std::unordered_map<const jit::Graph*, GraphPtr> made_;
};

// How often each operator stands in the graph, constants and the reading of attributes left out. Calls are inlined
// first, as LibTorch does it, which drops what cannot run; where the result would be too large, they are followed
// instead.
OperatorCounts operators_of(const jit::Graph& graph, InlinedGraphs& inlined);

} // namespace tsir
