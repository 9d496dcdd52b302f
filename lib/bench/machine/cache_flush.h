// Calls with cold caches, as the first call after other work has them.
#pragma once

#include "lib/bench/machine/environment.h"
#include "lib/bench/timing/arm.h"

#include <memory>

namespace tsir {

// Twice the size of the last-level caches that `threads` may use: what a flush has to touch so that nothing else is
// left in them. Throws Error(usage) where the cache sizes are not known, or where that much memory is not free.
uint64_t flush_bytes(const Environment& environment, int threads);

// Touches `bytes` of its own memory with each call, divided over all threads within an operator, so that their private
// caches are flushed as well.
std::function<void()> make_flush(uint64_t bytes);

// The same arm with `flush` before each call, outside of its times. `call` includes the flush, since a measurement's
// plan goes by what it costs.
Arm cold_arm(Arm arm, std::function<void()> flush, std::shared_ptr<Clock> clock);

} // namespace tsir
