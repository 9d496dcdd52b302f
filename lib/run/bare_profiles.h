// prim::profile nodes that were parsed from text.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Removes the prim::profile and prim::profile_ivalue nodes that have no callback, such as those parsed from text. Their
// input replaces their output. LibTorch's interpreter casts such a node, without a check, to a class that holds a
// callback, and crashes. Throws Error(check) if such a node has no input.
void drop_bare_profiles(jit::Graph& graph);

} // namespace tsir
