// Timed slots, and balanced blocks of them.
#pragma once

#include "lib/bench/timing/arm.h"
#include "lib/bench/timing/clock.h"

#include <span>
#include <vector>

namespace tsir {

// The same for all arms of a measurement, because different numbers of calls would bias the ratio.
struct SlotShape {
  size_t samples = 1;          // times taken in a slot
  size_t calls_per_sample = 1; // more than 1 if calls are so short that reading the clock would affect the time
  bool washout = false;        // makes one untimed call first, to load the arm's data into the caches
  size_t calls() const { return samples * calls_per_sample; }
};

// The turn of an arm.
struct Slot {
  size_t arm = 0;
  int64_t start = 0;             // of the timed part, on the clock
  int64_t wall_ns = 0;           // of the timed part
  std::optional<Usage> usage;    // in the timed part; empty for a rival that does not report it
  std::vector<double> sample_ns; // nanoseconds per call, each the mean of calls_per_sample calls
  double median_ns = 0;          // of sample_ns
  OwnCalls own;                  // if the arm takes its own times
};

struct Block {
  std::vector<Slot> slots; // in the order in which they ran
  // Nanoseconds per call: the smaller median of the arm's two slots. A burst of other work has an effect only if it
  // hits both.
  double value(size_t arm) const;
};

// Throws ArmFailed.
Slot run_slot(const Arm& arm, size_t index, const SlotShape& shape, Clock& clock);

} // namespace tsir
