// Checks that a graph is well formed: LibTorch's Graph::lint, in linear time.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Throws an exception that says what is wrong if the graph breaks one of LibTorch's rules: a value is used before it is
// defined or outside of its block, a list of uses does not match the inputs, nodes are out of order, or a node is in no
// block. Small graphs are checked by LibTorch itself. Graph::lint searches the uses of a value for each use, and all
// nodes of the graph for each block, so larger graphs are checked by check_graph.
void lint(const jit::Graph& graph);

// Finds the same faults as Graph::lint with a number of steps that is proportional to the size of the graph. Throws
// Error(check).
void check_graph(const jit::Graph& graph);

// The approximate number of steps that Graph::lint takes: the nodes, the square of the number of uses of each value,
// and all nodes once for each block.
size_t lint_steps(const jit::Graph& graph);
// lint() leaves graphs with at most this many steps to LibTorch, which takes some milliseconds for them.
constexpr size_t most_lint_steps = 200'000;

} // namespace tsir
