// Waits until the other threads of this process sleep.
#pragma once

#include <chrono>

namespace tsir {

// OpenMP's threads spin for some milliseconds after a parallel region, and take processor time from whatever runs next.
// Returns whether all other threads of this process sleep; gives up after `limit`.
bool wait_until_others_sleep(std::chrono::nanoseconds limit);

} // namespace tsir
