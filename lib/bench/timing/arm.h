// An arm of a measurement: something that can be called repeatedly.
#pragma once

#include "lib/bench/timing/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace tsir {

// Data about calls that only an arm that times itself has.
struct OwnCalls {
  size_t made = 0;                     // all calls, also those before and after the samples; 0: those of the slot
  std::optional<Usage> usage = {};     // if the usage between start and end was not only that of the calls
  std::vector<double> latency_ns = {}; // of the single calls in the samples, if several ran at the same time
  int64_t enqueue_ns = 0;              // time of the host to enqueue the work on a device; 0 without a device
};

// One instance of a variant, which exists for one round.
struct Arm {
  // Makes one call; all its work is done when it returns (it waits for a device).
  std::function<void()> call;
  // Returns a hash of the current plan, if a just-in-time compiler may change the plan; else empty.
  std::function<uint64_t()> plan = {};
  // Takes the arm's own times, if the caller's clock would time too much (pipes to another process, launching work on a
  // device) or too little (several simultaneous clients). Fills each sample with the nanoseconds per call, the mean of
  // `calls_per_sample` calls. Empty: the caller times `call`. Warm-up always times `call`.
  std::function<void(std::span<double> sample_ns, size_t calls_per_sample)> take_samples = {};
  // Returns the arm's usage so far, if that is not the usage of this process; nothing if it is unknown. Empty: the
  // usage of this process.
  std::function<std::optional<Usage>()> usage = {};
  // Returns the data of the last take_samples; may be empty.
  std::function<OwnCalls()> own_calls = {};
  // Returns an object that sets up this thread for calls while it exists. Calls without it set up the thread
  // themselves, which takes time.
  std::function<std::shared_ptr<void>()> enter = {};
};

// Makes a fresh instance for every round, because the placement of a variant's memory alone can make it 1 to 2 % faster
// or slower.
struct ArmSource {
  std::string name;
  std::function<Arm()> make;
};

// Thrown if a call of an arm, or making one, threw.
class ArmFailed : public std::runtime_error {
public:
  ArmFailed(size_t arm, const std::string& line) : std::runtime_error(line), arm_(arm) {}
  size_t arm() const { return arm_; }

private:
  size_t arm_;
};

} // namespace tsir
