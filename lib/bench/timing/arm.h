// What is measured: something that can be called again and again.
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

// What only an arm that takes its own times knows about those calls.
struct OwnCalls {
  size_t made = 0;                     // all calls, those before and after the samples too; 0: those of the slot
  std::optional<Usage> usage = {};     // where not all that was used between start and end was the calls' doing
  std::vector<double> latency_ns = {}; // of the single calls in the samples, where several ran at once
  int64_t enqueue_ns = 0;              // that the host took to hand the work to a device; 0 where there is none
};

// One instance of a variant, alive for one round.
struct Arm {
  // One call; all its work is done when it returns (a device is waited for).
  std::function<void()> call;
  // A hash of the plan that is executed just now, where a just-in-time compiler may change it; else empty.
  std::function<uint64_t()> plan = {};
  // Takes its own times, where the caller's clock would time something else as well (pipes to another process, the
  // launch of work on a device) or too little (several clients at once): fills each sample with nanoseconds a call, the
  // mean of so many calls. Empty: `call` is timed from outside. Warm-up always times `call`.
  std::function<void(std::span<double> sample_ns, size_t calls_per_sample)> take_samples = {};
  // What it has used so far, where that is not this process's; nothing where it is not known. Empty: this process's.
  std::function<std::optional<Usage>()> usage = {};
  // Of the last take_samples; may be empty.
  std::function<OwnCalls()> own_calls = {};
  // Sets up the calling thread for calls, for as long as the returned object lives. Calls made without it set up the
  // thread themselves each time, which takes time.
  std::function<std::shared_ptr<void>()> enter = {};
};

// Makes a fresh instance for every round: where a variant's memory lies alone can make it 1 to 2 % faster or slower.
struct ArmSource {
  std::string name;
  std::function<Arm()> make;
};

// A call of an arm threw, or making one did.
class ArmFailed : public std::runtime_error {
public:
  ArmFailed(size_t arm, const std::string& line) : std::runtime_error(line), arm_(arm) {}
  size_t arm() const { return arm_; }

private:
  size_t arm_;
};

} // namespace tsir
