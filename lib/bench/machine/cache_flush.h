// Calls that find the processor's caches empty of what they need, as the first one after other work does.
#pragma once

#include "lib/bench/machine/environment.h"
#include "lib/bench/timing/arm.h"

#include <memory>

namespace tsir {

// Twice the last-level caches that `threads` may use: what a flush has to touch so that nothing else is left. Throws
// Error(usage) where the machine does not tell its caches, or where that much memory is not free.
uint64_t flush_bytes(const Environment& environment, int threads);

// Touches `bytes` of memory of its own with each call, all threads within an operator together, so that their own
// caches are emptied as well.
std::function<void()> make_flush(uint64_t bytes);

// The same arm with `flush` before each call, outside of its times. `call` includes the flush, since a measurement's
// plan goes by what it costs.
Arm cold_arm(Arm arm, std::function<void()> flush, std::shared_ptr<Clock> clock);

} // namespace tsir
