// LibTorch's CPU allocator while a bench runs: randomises where tensors lie, and counts allocations.
//
// Placement in memory alone makes identical code up to a few per cent faster or slower. Each allocation starts after a
// random multiple of 64 bytes, which turns this bias into noise that averages out, and keeps the alignment that vector
// code needs. All variants of a bench are treated alike.
#pragma once

#include "lib/bench/outcome/variant.h"

#include <functional>

namespace tsir {

// Puts the allocator in place of LibTorch's for the rest of the process; to be called before anything is loaded.
// `shake`: whether placement is randomised.
void install_allocator(bool shake);

// glibc returns freed memory to the system between calls and requests it again, which makes identical graphs differ by
// 15 to 35 %. From now on it keeps it; to be called before anything is loaded.
void keep_freed_memory();

// What `work` allocates, in all threads; zeros where the allocator is not installed. Must not be nested.
MemoryUse measure_memory(const std::function<void()>& work);

} // namespace tsir
