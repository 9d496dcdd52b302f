// What rows of graph passes share: calling LibTorch's function on a unit's graph, and saying why a pass has nothing to
// do.
#pragma once

#include "lib/pass/row.h"

namespace tsir {

// What a pass works on. Used to tell an idle pass's user what is missing.
struct Wanted {
  std::vector<std::string> operators; // any of these gives it work: "aten::conv2d"; empty: anything does
  std::string what;                   // "convolution", as it stands in "found no convolution"
  bool frozen = false;                // their parameters (all inputs but the first) must be constants
};

// Why the pass cannot find what it wants in `graph` ("found no frozen weights: run freeze first"), or "".
std::string missing(const jit::Graph& graph, const Wanted& wanted);

// The advice of `need` where the graph has calls, or "".
std::string calls_note(const jit::Graph& graph);

using RowFunction = std::function<PassResult(Unit&, const PassContext&)>;

// Runs `pass` on the unit's graph, also where it puts another graph in place; its note is missing(), as found before.
RowFunction on_graph(std::function<void(GraphPtr&)> pass, Wanted wanted = {});
// The same for a pass with options.
RowFunction on_graph(std::function<void(GraphPtr&, const PassOptions&)> pass, Wanted wanted = {});

// For PassRow::wrong_options: the option, an integer, must be at least so much.
std::function<std::string(const PassOptions&)> at_least(const std::string& option, int64_t least);

} // namespace tsir
