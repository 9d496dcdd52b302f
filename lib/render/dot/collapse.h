// One box a submodule, in two ways that add up: calls of submodules that are not inlined are boxes already, and
// operators that came from inlined submodules are drawn together.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/render/dot/drawing.h"

namespace tsir {

// A copy in which calls of methods are inlined as far as their submodules lie less than `level` deep and have
// submodules themselves: with level 1 those of `self` only, with level 2 those of "layer1" too, but not of "layer1.0".
// Runs nothing. Throws Error(usage) where that gives too many nodes.
GraphPtr inlined_to_level(const jit::Graph& graph, size_t level);

// One box for all that belongs to the same submodule `level` deep or deeper. Edges between the same two boxes become
// one.
Drawing collapsed(const Drawing& drawing, size_t level);

// Whether a module of this class has no submodules.
bool is_leaf(const c10::ClassType& type);

// Whether any box stands for a submodule, or belongs to one.
bool names_submodules(const Drawing& drawing);

} // namespace tsir
