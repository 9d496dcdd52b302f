// prim::profile nodes that do not belong to a ProfilingRecord: it is gone, or they were parsed from text.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Removes the prim::profile and prim::profile_ivalue nodes that have no callback, such as those parsed from text. Their
// input replaces their output. LibTorch's interpreter casts such a node, without a check, to a class that holds a
// callback, and crashes. Throws Error(check) if such a node has no input.
void drop_bare_profiles(jit::Graph& graph);

// To be called before the ProfilingRecord that instrumented the graph is destroyed. The callbacks of its prim::profile
// nodes write into it; afterwards they do nothing.
void forget_record(jit::Graph& graph);

} // namespace tsir
