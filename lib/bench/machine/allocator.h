// LibTorch's memory on the CPU while a bench runs: where tensors lie is shaken, and what they take is counted.
//
// Where memory happens to lie alone makes identical code up to a few per cent faster or slower. Each allocation gets a
// random multiple of 64 bytes in front, which turns that into noise that averages out, and keeps the alignment that
// vector code wants. All variants of a bench get the same treatment.
#pragma once

#include "lib/bench/outcome/variant.h"

#include <functional>

namespace tsir {

// Puts the allocator in place of LibTorch's for the rest of the process; to be called before anything is loaded.
// `shake`: with random places.
void install_allocator(bool shake);

// glibc gives memory back to the system between runs and takes it again, which makes identical graphs differ by 15 to
// 35 %. From now on it keeps it; to be called before anything is loaded.
void keep_freed_memory();

// What `work` takes, in all threads; zeros where the allocator is not installed. Not to be nested.
MemoryUse measure_memory(const std::function<void()>& work);

} // namespace tsir
