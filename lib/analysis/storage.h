// The size of tensors in memory, and which values share memory.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// The sizes in a tensor's type; std::nullopt if one is unknown.
std::optional<std::vector<int64_t>> sizes_of(const jit::Value& value);
// Size of the elements in bytes; repeated elements of an expanded tensor (stride 0) are counted once. std::nullopt if
// dtype or sizes are unknown.
std::optional<uint64_t> bytes_of(const jit::Value& value);
// The elements of a list made by prim::ListConstruct; empty for other lists.
std::vector<const jit::Value*> elements_of(const jit::Value& list);

// The input tensor of the node whose memory the output shares, according to the operator's schema (views and in-place
// operators). If the schema only says that it may share memory (reshape, contiguous, to), known dtypes, sizes and
// strides decide. nullptr if the output has separate memory.
const jit::Value* memory_from(const jit::Node& node, const jit::Value& output);
// Whether the node is a view: its outputs do not have separate memory, and it does not write.
bool is_view(const jit::Node& node);

} // namespace tsir
