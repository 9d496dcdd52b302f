// Several threads that call the same model at once, as those of a server do.
#pragma once

#include "lib/bench/timing/arm.h"

namespace tsir {

// One thread for each of `calls`, kept for the life of the arm. A sample is a window of time over the calls that were
// completed in it, all clients together: the inverse of the throughput, in nanoseconds a call. No client stops calling
// before the last window is closed, and the first opens after 10 ms, when the system has spread the threads, and not
// before as many calls are completed as there are clients: start and end of the run are in no window. A window has 10
// ms and twice as many calls of each client as were asked for, or more. The latencies of the single calls in the
// windows are the arm's own_calls.
//
// `call` costs what a slot of one sample does. An exception in one of the threads leaves `call` and take_samples.
// Throws Error(check) where the threads cannot be started.
Arm clients_arm(std::vector<std::function<void()>> calls);

struct CallSpan {
  int64_t start = 0;
  int64_t end = 0;
};
// What clients have to do before they may stop.
struct ClientsPlan {
  size_t clients = 1;
  size_t samples = 1;
  size_t calls = 1;      // in a window, at least
  int64_t window_ns = 0; // at least; as long as clients call before the first one opens
  size_t least_calls() const { return clients + samples * calls; }
  int64_t least_ns() const { return static_cast<int64_t>(samples + 1) * window_ns; }
};
// Fills the samples, with equally many calls each, from all that was called, in any order; gives the latencies of those
// calls. What was completed after the clients were free to stop is left out.
std::vector<double> windows_of(std::vector<CallSpan> spans, const ClientsPlan& plan, std::span<double> sample_ns);

} // namespace tsir
