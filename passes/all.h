// The families of passes. A family is one file in this folder; its function adds its rows.
#pragma once

#include "lib/pass/registry.h"

namespace tsir {

void register_cleanup(Registry&); // dead code, common subexpressions, pooling, peepholes, canonical form
void register_fold(Registry&);    // constant propagation
void register_inline(Registry&);  // inlining
void register_freeze(Registry&);  // freezing, and the passes on frozen graphs
void register_frozen(Registry&);
void register_fuse(Registry&);         // fusers, and fuse itself
void register_linear(Registry&);       // linear, batch-mm, decompose-ops
void register_tuples(Registry&);       // lowering of tuples
void register_mutation(Registry&);     // removal of mutation
void register_loops(Registry&);        // unrolling
void register_shapes(Registry&);       // shape propagation and erasure
void register_quantization(Registry&); // quantization: observers, quantize and dequantize nodes, quantized operators
void register_quantization_on_device(Registry&); // on-device quantization
void register_module_folding(Registry&);         // folds and clean-ups over whole modules
void register_mobile(Registry&);                 // rewrites for mobile backends
void register_profiling(Registry&);              // types seen in runs, guards and bail-outs
void register_autodiff(Registry&);               // gradients: differentiable subgraphs, undefined gradients
void register_executor(Registry&);               // the steps of LibTorch's own executor
void register_symbolic_shapes(Registry&);        // symbolic shape analysis
void register_types(Registry&);                  // dtypes, devices and numbers
void register_tensorexpr(Registry&);             // the steps by which NNC's compiler prepares graphs
void register_peepholes(Registry&);              // parts of peephole-optimize
void register_concat(Registry&);                 // concatenations
void register_control_flow(Registry&);           // prim::If, exceptions, refinement of values
void register_closures(Registry&);               // forks and closures
void register_packed_linear(Registry&);          // weights in the layout of the library that multiplies
void register_precision(Registry&);              // memory formats and precisions in which layers compute
void register_normalize(Registry&);              // operators and types in their canonical form
void register_static_runtime(Registry&);         // the static runtime's rewrites
void register_rewrite(Registry&);                // patterns given by the user
void register_analyses(Registry&);               // analyses, which change nothing
void register_presets(Registry&);                // named pipelines

// A registry with all of the above.
Registry all_passes();

} // namespace tsir
