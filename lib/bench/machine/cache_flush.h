// Flushes the processor's caches before calls, so that they are as slow as a first call after other work.
#pragma once

#include "lib/bench/machine/environment.h"
#include "lib/bench/timing/arm.h"

#include <memory>

namespace tsir {

// Twice the size of the last-level caches that `threads` may use: a flush must touch as much so that nothing else stays
// in them. Throws Error(usage) if the machine does not report its caches, or if that much memory is not free.
uint64_t flush_bytes(const Environment& environment, int threads);

// Makes a function that touches `bytes` of its own memory in each call, with all threads within an operator, so that
// their private caches are flushed as well.
std::function<void()> make_flush(uint64_t bytes);

// The same arm with an untimed `flush` before each call. `call` includes the flush, because the plan of a measurement
// depends on its cost.
Arm cold_arm(Arm arm, std::function<void()> flush, std::shared_ptr<Clock> clock);

} // namespace tsir
