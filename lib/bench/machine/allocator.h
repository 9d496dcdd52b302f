// Memory during a bench: what a call needs, and what glibc does with freed memory.
#pragma once

#include "lib/bench/outcome/variant.h"

#include <functional>

namespace tsir {

// Makes glibc keep freed memory from now on. Otherwise it returns memory to the system between runs and requests it
// again, which makes the times of identical graphs differ by 15 to 35 %. To be called before anything is loaded.
void keep_freed_memory();

// Returns memory that is free now to the system, once. What is allocated afterwards lies in other pages, as it would in
// another process: the caches tell pages apart by their physical address, so a round that used the pages of the round
// before it would see the same conflicts.
void return_freed_memory();

// Measures the memory of tensors that `work` allocates in all threads. Calls must not be nested, and no other thread
// may allocate tensors when it begins and ends.
MemoryUse measure_memory(const std::function<void()>& work);

} // namespace tsir
