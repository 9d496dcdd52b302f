// What differs between two graphs, where moved and renumbered values are no difference.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

enum class NodeChange { removed, added, changed };
std::string_view to_string(NodeChange change); // "removed"

struct NodeDifference {
  NodeChange change = NodeChange::changed;
  std::string where;  // "block 0 of %8 = prim::If", "subgraph of %3 = prim::FusionGroup"; "" at the top of the graph
  std::string before; // the node as text, without its blocks; "" where it was added
  std::string after;  // "" where it was removed
  std::vector<std::string> details; // of a change: "input 1 (other): %4 -> %7"
};

struct DiffSettings {
  bool types = true; // types of values alone are a difference
};

struct GraphDifference {
  std::vector<std::string> interface; // of the graph itself: "input %y: Tensor -> Float(2, 3)", "returns: …"
  std::vector<NodeDifference> nodes;  // in the order of the graphs
  size_t same = 0;                    // nodes, those in nested blocks and subgraphs too
  bool empty() const { return interface.empty() && nodes.empty(); }
};

// Values are named as `to_text` names them: numbered in order, by graph.
GraphDifference diff_graphs(const jit::Graph& before, const jit::Graph& after, const DiffSettings& settings = {});

} // namespace tsir
