// Works around graphs on which LibTorch's oneDNN Graph fuser throws, or for which it leaves a graph that throws or
// computes something else. Everything here keeps the meaning of the graph. Seen with LibTorch 2.13 and 2.14.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// To be called on a profiled graph before the fuser:
// - In-place operators and lists become functional where they can, as the fuser would do, so that the rest sees them.
// - The fuser promotes both operands of add, mul and div by their dtypes alone, while PyTorch lets a zero-dimensional
//   tensor follow the other operand (float32 / tensor(8., float64) became float64). oneDNN also does not compile a
//   partition that such a tensor enters. Constants of that kind get one element and the other operand's dtype.
// - The fuser throws on an aten::addmm whose factors are integers: they become floats.
// - The fuser refuses a pooling with stride [], which stands for the kernel's size: the size is written out.
// - Unused results of in-place operators have no type in the profile, but the fuser uses their types: they get one.
// - Numbers combined with an integer tensor are rounded to integers. The fuser throws on an operand of unknown dtype,
//   and if a parameter is not a constant, a concatenation mixes dtypes, or aten::sqrt is applied to numbers. It takes
//   the first argument of every addition of 0 for a tensor, and expects all users of a tensor whose size is taken to
//   have a schema. Such nodes
//   become prim::FallbackGraph groups of one node, which no pass looks into; inline_fallbacks() inlines them again.
void prepare_for_onednn(const GraphPtr& graph);

// Calls `fuse` with tensor constants that are operands of add, mul and div lifted to inputs of the graph. oneDNN's
// pattern matcher throws if one of these takes a value from a node without inputs, as constants are.
void fuse_with_lifted_constants(GraphPtr& graph, const std::function<void(GraphPtr&)>& fuse);

// Replaces every prim::FallbackGraph by its operators. That node throws when it is run, because only LibTorch's own
// executor knows how to replace it.
void inline_fallbacks(jit::Block& block);

} // namespace tsir
