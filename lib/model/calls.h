// Counts the operators that a graph reaches through its calls, without inlining them.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

using OperatorCounts = std::map<std::string, uint64_t>;

// A graph that is reached through calls. `name` is the name of its function: "torch.nn.modules.linear.Linear.forward".
struct ReachedGraph {
  std::string name;
  const jit::Graph* graph;
};

// The graph itself (without a name) and all graphs that it calls directly or indirectly; each once, callers before
// callees.
std::vector<ReachedGraph> reached_graphs(const jit::Graph& graph);

// How operators are named: "aten::add", or "aten::add.Tensor".
enum class OperatorNames { kinds, overloads };

// Counts the operators of a graph and of every call, as often as it is made: 40 functions that each call the next one
// twice give 2^40. Counts saturate. Followed calls, constants and reads of attributes are not counted.
class CallCounter {
public:
  explicit CallCounter(OperatorNames names = OperatorNames::kinds) : names_(names) {}
  const OperatorCounts& count(const jit::Graph& graph);

private:
  OperatorNames names_;
  std::unordered_map<const jit::Graph*, OperatorCounts> counts_;
};

// A cache of graphs with all their calls inlined, to be read only.
class InlinedGraphs {
public:
  static constexpr size_t most_nodes = 1'000'000;
  // nullptr if the result would have `most_nodes` nodes or more. `graph` must outlive this object. It is the result
  // itself, whatever its size, if it has no calls.
  GraphPtr of(const jit::Graph& graph);

private:
  std::unordered_map<const jit::Graph*, GraphPtr> made_;
};

// The number of occurrences of each operator, without constants and reads of attributes. Calls are inlined first like
// in LibTorch, which removes unreachable code. If the result would be too large, they are followed instead.
OperatorCounts operators_of(const jit::Graph& graph, InlinedGraphs& inlined,
                            OperatorNames names = OperatorNames::kinds);
// The sum over several graphs.
OperatorCounts operators_of(const std::vector<const jit::Graph*>& graphs, InlinedGraphs& inlined, OperatorNames names);

} // namespace tsir
