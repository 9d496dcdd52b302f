// One drawing of what a pass did to a graph: what went, what came, and what stayed.
#pragma once

#include "lib/render/dot/levels.h"

namespace tsir {

// A graph, and the module that owns it, for the shapes of weights; nullptr for none.
struct GraphOfModule {
  const jit::Graph& graph;
  const jit::Module* module;
};

// The graph after the pass, with the boxes and edges of the graph before it that went. Nodes are partners as in `tsir
// diff` (lib/diff/graph_match.h). A box that stayed with another label, or with other inputs, changed. Calls are drawn
// as they are. `settings.module` is not read.
Drawing draw_changes(const GraphOfModule& before, const GraphOfModule& after, BuildSettings settings);

// Only what changed, and what is next to it.
Drawing only_changes(const Drawing& drawing);

// The most detail of size at most `most`: all, with constants, weights and sizes in the labels, only what changed,
// boxes of one kind of change joined.
Readable draw_readable_changes(const GraphOfModule& before, const GraphOfModule& after, const BuildSettings& settings,
                               size_t most);

} // namespace tsir
