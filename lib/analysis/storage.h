// The memory of tensors: how much it is, and which values share it.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// The sizes in a tensor's type; nothing where one is unknown.
std::optional<std::vector<int64_t>> sizes_of(const jit::Value& value);
// Bytes of its elements; those of an expanded tensor (stride 0) count once. Nothing where dtype or sizes are unknown.
std::optional<uint64_t> bytes_of(const jit::Value& value);
// The elements of a list made by prim::ListConstruct; otherwise nothing.
std::vector<const jit::Value*> elements_of(const jit::Value& list);

// The tensor among the node's inputs whose memory the output shares, by the operator's schema: views and in-place
// operators. Where the schema says only that it may (reshape, contiguous, to), dtypes, sizes and strides decide as far
// as they are known. nullptr: memory of its own.
const jit::Value* memory_from(const jit::Node& node, const jit::Value& output);
// Whether no output of the node has memory of its own, and it writes to none: a view.
bool is_view(const jit::Node& node);

} // namespace tsir
