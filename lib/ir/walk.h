// Walking graphs, blocks and subgraphs.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Calls `visit` for every node in order, those of nested blocks after the node that holds them, and, where asked, those
// of subgraph attributes.
void walk(const jit::Block& block, const std::function<void(const jit::Node&)>& visit, bool subgraphs = false);
// The first node of such a walk for which `matches` is true, or nullptr.
const jit::Node* find_node(const jit::Graph& graph, const std::function<bool(const jit::Node&)>& matches,
                           bool subgraphs = false);
// Whether the node's operator writes to one of its inputs, by its schema; false where LibTorch knows no schema.
bool writes_in_place(const jit::Node& node);
// Whether it must stay even where nobody uses its results, as LibTorch has it; an operator that LibTorch does not know
// may do anything.
bool has_effects(const jit::Node& node);
// The graphs in a node's attributes, such as the Subgraph of a fusion group.
std::vector<GraphPtr> subgraphs_of(const jit::Node& node);
size_t count_nodes(const jit::Graph& graph, bool subgraphs = false);
// How many nodes of each kind: {"aten::conv2d", 20}. Subgraphs included.
std::map<std::string, size_t> count_operators(const jit::Graph& graph);
// Whether the graph calls methods or functions that are not inlined: passes cannot see into them.
bool has_calls(const jit::Graph& graph);
// The function that a prim::CallFunction or prim::CallMethod calls, or nullptr where that is no graph or not known (a
// method of an interface).
jit::GraphFunction* callee(const jit::Node& node);
// The number of nodes that inlining all calls would give; saturates at `limit`. Needed because a small file can
// describe a graph that inlines to billions of nodes.
size_t count_inlined_nodes(const jit::Graph& graph, size_t limit);
constexpr size_t most_inlined_nodes = 1'000'000;
// A copy with all calls inlined, as LibTorch's own inlined_graph has them, those in subgraphs too. Throws Error(usage)
// that offers Setting::no_inline where the result would exceed `limit` nodes. LibTorch keeps the inlined bodies of the
// functions.
GraphPtr inlined(const jit::Graph& graph, size_t limit = most_inlined_nodes);
// Whether it does not throw for that reason.
bool inlines_within(const jit::Graph& graph, size_t limit = most_inlined_nodes);

} // namespace tsir
