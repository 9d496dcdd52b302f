// LibTorch's allocator on the CPU during a bench: it randomises the placement of tensors and counts their memory.
//
// The placement of memory alone makes identical code up to a few per cent faster or slower. A random multiple of 64
// bytes before each allocation turns this effect into noise that averages out, and keeps the alignment that vector code
// needs. All variants of a bench are treated alike.
#pragma once

#include "lib/bench/outcome/variant.h"

#include <functional>

namespace tsir {

// Replaces LibTorch's allocator for the rest of the process. To be called before anything is loaded. `shake`:
// randomises placement.
void install_allocator(bool shake);

// Makes glibc keep freed memory from now on. Otherwise it returns memory to the system between runs and requests it
// again, which makes the times of identical graphs differ by 15 to 35 %. To be called before anything is loaded.
void keep_freed_memory();

// Measures the memory that `work` uses in all threads; zeros if the allocator is not installed. Calls must not be
// nested.
MemoryUse measure_memory(const std::function<void()>& work);

} // namespace tsir
