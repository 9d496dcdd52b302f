// Groups of the oneDNN Graph fuser that cannot be compiled.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Replaces every prim::oneDNNFusionGroup that throws when it is prepared for a run by the unfused operators of its
// fallback. LibTorch throws "LLGA subgraph should contain only one partition" if a value of the group is used outside
// the group, because oneDNN then splits the group in two. Returns the number of groups replaced.
size_t dissolve_uncompilable_groups(jit::Block& block);

} // namespace tsir
