// Visits the nodes of graphs, blocks and subgraphs.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Calls `visit` for every node in order. Nodes of nested blocks follow after the node that contains them. Subgraphs in
// attributes are included if `subgraphs` is set.
void walk(const jit::Block& block, const std::function<void(const jit::Node&)>& visit, bool subgraphs = false);
// The first node of such a walk for which `matches` is true, or nullptr.
const jit::Node* find_node(const jit::Graph& graph, const std::function<bool(const jit::Node&)>& matches,
                           bool subgraphs = false);
// Whether the node's operator writes to one of its inputs according to its schema; false if LibTorch does not know the
// schema.
bool writes_in_place(const jit::Node& node);
// Whether LibTorch considers the node to have side effects, so that it must be kept even if its results are unused. An
// operator that LibTorch does not know may have any effect.
bool has_effects(const jit::Node& node);
// The graphs in a node's attributes, such as the Subgraph of a fusion group.
std::vector<GraphPtr> subgraphs_of(const jit::Node& node);
size_t count_nodes(const jit::Graph& graph, bool subgraphs = false);
// The number of nodes of each kind, such as {"aten::conv2d", 20}. Includes subgraphs.
std::map<std::string, size_t> count_operators(const jit::Graph& graph);
// Whether the graph has calls of methods or functions that are not inlined. Passes cannot look into them.
bool has_calls(const jit::Graph& graph, bool subgraphs = false);
// The function that a prim::CallFunction or prim::CallMethod calls; nullptr if it is not a graph or is not known (a
// method of an interface).
jit::GraphFunction* callee(const jit::Node& node);
// The number of nodes after inlining all calls; saturates at `limit`. This is needed because a small file can describe
// a graph that inlines to billions of nodes.
size_t count_inlined_nodes(const jit::Graph& graph, size_t limit);
constexpr size_t most_inlined_nodes = 1'000'000;
// A copy with all calls inlined, including those in subgraphs, as in LibTorch's inlined_graph. Throws an Error(usage)
// that suggests Setting::no_inline if the result would exceed `limit` nodes. LibTorch keeps the inlined bodies of the
// functions.
GraphPtr inlined(const jit::Graph& graph, size_t limit = most_inlined_nodes);
// The same as inlined(), to be read only: the graph itself, whatever its size, if it has no calls. It must be owned by
// a GraphPtr.
GraphPtr inlined_to_read(const jit::Graph& graph, size_t limit = most_inlined_nodes);
// Whether inlined() stays within `limit`.
bool inlines_within(const jit::Graph& graph, size_t limit = most_inlined_nodes);

} // namespace tsir
