// Several threads that call the same model at once, as those of a server do.
#pragma once

#include "lib/measure/arm.h"

namespace tsir {

struct Measurement;

// One thread for each of `calls`, kept for the life of the arm. A sample is a window of time over the calls that were
// completed in it, all clients together: the inverse of the throughput, in nanoseconds a call. The window opens once as
// many calls are completed as there are clients, and nobody stops calling before it is closed: it sees neither the
// start nor the end. A window has twice as many calls of each client as were asked for. The latencies of the single
// calls in it are the arm's own_calls.
//
// `call` lets each client call about three times: what a slot of one sample costs. An exception in one of the threads
// leaves `call` and take_samples. Throws Error(check) where there are no more threads to be had.
Arm clients_arm(std::vector<std::function<void()>> calls);

struct CallSpan {
  int64_t start = 0;
  int64_t end = 0;
};
// Fills the samples from all that was called, in any order, `calls` completed calls each, and gives the latencies of
// those calls. `spans` must hold `clients` + samples * `calls` of them at least.
std::vector<double> windows_of(std::vector<CallSpan> spans, size_t clients, size_t calls, std::span<double> sample_ns);

// How many calls of each client a window has for each that was asked for.
constexpr size_t window_generations = 2;

// Nanoseconds of every single call of an arm in the rounds that count; empty where it has no clients.
std::vector<double> client_latencies(const Measurement& measurement, size_t arm);

} // namespace tsir
