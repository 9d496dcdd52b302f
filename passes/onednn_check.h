// Groups of the oneDNN Graph fuser that cannot be compiled.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Takes apart every prim::oneDNNFusionGroup that throws when it is made ready to run ("LLGA subgraph should contain
// only one partition": a value of the group is used outside, and oneDNN then cuts the group in two): the unfused
// operators of its fallback take its place. Gives how many there were.
size_t dissolve_uncompilable_groups(jit::Block& block);

} // namespace tsir
