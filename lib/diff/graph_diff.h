// Compares two graphs. Moved and renumbered values do not count as differences.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

enum class NodeChange { removed, added, changed };
std::string_view to_string(NodeChange change); // "removed"

struct NodeDifference {
  NodeChange change = NodeChange::changed;
  std::string where;  // "block 0 of %8 = prim::If", "subgraph of %3 = prim::FusionGroup"; "" at the top level
  std::string before; // the node as text, without its blocks; "" if it was added
  std::string after;  // "" if it was removed
  std::vector<std::string> details; // for a change: "input 1 (other): %4 -> %7"
};

struct DiffSettings {
  bool types = true; // whether differing types alone are a difference
};

struct GraphDifference {
  // changes of the graph's interface: "input %y: Tensor -> Float(2, 3)", "returns: …"
  std::vector<std::string> interface;
  std::vector<NodeDifference> nodes; // in graph order
  size_t same = 0;                   // number of equal nodes, including those in nested blocks and subgraphs
  bool empty() const { return interface.empty() && nodes.empty(); }
};

// Values have the names that `to_text` prints: numbered in order, per graph.
GraphDifference diff_graphs(const jit::Graph& before, const jit::Graph& after, const DiffSettings& settings = {});

} // namespace tsir
