// Several threads that call the same model at the same time, like those of a server.
#pragma once

#include "lib/bench/timing/arm.h"

namespace tsir {

// One thread for each of `calls`, kept for the lifetime of the arm. A sample is the length of a time window divided by
// the number of calls that all clients completed in it: the inverse of the throughput, in nanoseconds per call. The
// first window opens after 10 ms, when the system has distributed the threads, and after as many calls as there are
// clients. All clients call until the last window is closed. Neither the start nor the end of the run is therefore
// measured. A window has at least 10 ms, and at least twice the requested number of calls of each client. The latencies
// of the single calls in the windows are the arm's own_calls.
//
// `call` takes as long as a slot of one sample. An exception in one of the threads is passed on by `call` and
// take_samples. Throws Error(check) if a thread cannot be started.
Arm clients_arm(std::vector<std::function<void()>> calls);

struct CallSpan {
  int64_t start = 0;
  int64_t end = 0;
};
// What clients must complete before they may stop.
struct ClientsPlan {
  size_t clients = 1;
  size_t samples = 1;
  size_t calls = 1;      // minimum number in a window
  int64_t window_ns = 0; // minimum length; also the time before the first window opens
  size_t least_calls() const { return clients + samples * calls; }
  int64_t least_ns() const { return static_cast<int64_t>(samples + 1) * window_ns; }
};
// Fills the samples from all calls (in any order), with the same number of calls each, and returns the latencies of
// these calls. Calls that were completed after the clients were free to stop are left out.
std::vector<double> windows_of(std::vector<CallSpan> spans, const ClientsPlan& plan, std::span<double> sample_ns);

} // namespace tsir
