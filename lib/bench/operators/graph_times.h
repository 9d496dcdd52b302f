// The time of each node of one graph, in runs of the graph as it stands.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct GraphTimesSettings {
  bool grad = false;
  double seconds = 2;     // no further call begins after that; one call is always measured
  size_t most_calls = 30; // measured ones
};

struct GraphTimes {
  // In nanoseconds of one call, by the place of the node in walk() with subgraphs. Empty for a node that did not run,
  // or that does not run by itself, as in a fusion group.
  std::vector<std::optional<double>> ns;
  size_t calls = 0; // that were measured: `ns` is the mean of the faster half of them
};

// Calls the graph once to warm up, then measures. With LibTorch's ScriptProfile, as NodeTimes does. `arguments` makes
// the arguments of a call, the module first if there is one; its time does not count. Throws Error(check) in one line
// if the model throws.
GraphTimes times_of_nodes(const jit::Graph& graph, const std::function<jit::Stack()>& arguments,
                          const GraphTimesSettings& settings = {});

} // namespace tsir
