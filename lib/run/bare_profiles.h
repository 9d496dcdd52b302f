// prim::profile nodes that came from text.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Takes out the prim::profile and prim::profile_ivalue nodes that note nothing, as those read from text: their input
// takes the place of their output. LibTorch's interpreter casts these nodes without a check to a class that holds what
// is to be called, and crashes. Throws Error(check) where such a node has no input.
void drop_bare_profiles(jit::Graph& graph);

} // namespace tsir
