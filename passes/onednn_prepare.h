// Works around what makes LibTorch's oneDNN Graph fuser throw, or leave a graph that throws or computes something else.
// Everything here keeps the graph's meaning. Seen with LibTorch 2.13 and 2.14.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// To be called on a profiled graph before the fuser:
// - The fuser promotes both sides of add, mul and div by their dtypes alone, where PyTorch lets a tensor without
//   dimensions follow the other side (float32 / tensor(8., float64) became float64), and oneDNN compiles no partition
//   that such a tensor enters. Constants of that kind get one element and the other side's dtype.
// - A pooling with stride [], which stands for the kernel's size, is refused: the size is written down.
// - Results of in-place operators that nobody uses have no type in the profile, and the fuser uses them: they get one.
// - Numbers beside an integer tensor are rounded to integers; the fuser throws beside a tensor of unknown dtype, where
// a
//   parameter is no constant, a concatenation mixes dtypes, or aten::sqrt is one of numbers. Such nodes become
//   prim::FallbackGraph groups of one, which nobody looks into; inline_fallbacks() puts them back.
void prepare_for_onednn(jit::Graph& graph);

// Calls `fuse` with tensor constants that enter add, mul and div lifted to inputs of the graph: oneDNN's pattern
// matcher throws where one of these takes a value from a node without inputs, as constants are.
void fuse_with_lifted_constants(GraphPtr& graph, const std::function<void(GraphPtr&)>& fuse);

// Puts the operators of every prim::FallbackGraph where it stands: that node throws when it is run, as only LibTorch's
// own executor knows what to put in its place.
void inline_fallbacks(jit::Block& block);

} // namespace tsir
