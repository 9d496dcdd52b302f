// Draws each submodule as one box, in two complementary ways: calls of submodules that are not inlined are boxes
// already, and operators of inlined submodules are merged.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

struct OpenedGraph {
  GraphPtr graph;
  std::vector<std::vector<ModuleStep>> modules; // of each node, in the order of walk(): for BuildSettings::modules
};

// A copy with calls of methods inlined if the depth of their submodule is less than `level` and it has submodules:
// level 1 inlines only methods of `self`, and level 2 also those of "layer1", but not those of "layer1.0". Runs
// nothing. Throws Error(usage) if the result has too many nodes.
OpenedGraph inlined_to_level(const jit::Graph& graph, size_t level);

// A copy with all calls inlined that can be, which remembers the submodule of each node. Throws Error(usage) if it has
// too many nodes.
OpenedGraph inlined_with_modules(const jit::Graph& graph);

// Merges all boxes of each submodule with a depth of at least `level`. Edges between the same two boxes are merged too.
// A submodule that is called several times, with other operators in between, gets a box for each call.
Drawing collapsed(const Drawing& drawing, size_t level);

// The steps from the graph's module to the module that a value is.
std::vector<ModuleStep> path_to(const jit::Value& module);

// Whether a module of this class has no submodules.
bool is_leaf(const c10::ClassType& type);

// Whether any box represents a submodule or belongs to one.
bool names_submodules(const Drawing& drawing);

} // namespace tsir
