// The families of passes. A family is one file in this folder; its function adds its rows.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

void register_cleanup(Registry&); // dead code, common subexpressions, pooling, peepholes, canonical form
void register_fold(Registry&);    // constant propagation
void register_inline(Registry&);  // inlining
void register_freeze(Registry&);  // freezing, and the passes on frozen graphs
void register_frozen(Registry&);
void register_fuse(Registry&);     // fusers, and fuse itself
void register_linear(Registry&);   // linear, batch-mm, decompose-ops
void register_tuples(Registry&);   // lowering of tuples
void register_mutation(Registry&); // removal of mutation
void register_loops(Registry&);    // unrolling
void register_shapes(Registry&);   // shape propagation and erasure
void register_presets(Registry&);  // pipelines by name

// A registry with all of the above.
Registry all_passes();

} // namespace tsir
