// Shared by the rows of graph passes: calls LibTorch's function on a unit's graph, and says why a pass has nothing to
// do.
#pragma once

#include "lib/pass/row.h"

namespace tsir {

// The operators that a pass works on. Used to tell the user what is missing if the pass finds nothing to do.
struct Wanted {
  std::vector<std::string>
      operators;       // the pass acts on any of these: "aten::conv2d"; empty: on no operator in particular
  std::string what;    // "convolution", as in "found no convolution"
  bool frozen = false; // their parameters (all inputs but the first) must be constants
};

// Why `graph` has nothing for the pass to do ("found no frozen weights: run freeze first"), or "".
std::string missing(const jit::Graph& graph, const Wanted& wanted);

// That calls are not inlined, with advice, if the graph has calls; otherwise "".
std::string calls_note(const jit::Graph& graph);

using RowFunction = std::function<PassResult(Unit&, const PassContext&)>;

// Runs `pass` on the unit's graph, also if it replaces the graph by another. The note is missing(), as it was before
// the pass.
RowFunction on_graph(std::function<void(GraphPtr&)> pass, Wanted wanted = {});
// The same for a pass with options.
RowFunction on_graph(std::function<void(GraphPtr&, const PassOptions&)> pass, Wanted wanted = {});

// For PassRow::wrong_options: the option, an integer, must be at least so much.
std::function<std::string(const PassOptions&)> at_least(const std::string& option, int64_t least);

} // namespace tsir
