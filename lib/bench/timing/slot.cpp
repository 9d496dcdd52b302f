#include "lib/bench/timing/slot.h"

#include "lib/base/error.h"
#include "lib/bench/stats/statistics.h"

#include <algorithm>
#include <limits>

namespace tsir {
namespace {

std::optional<Usage> usage_of(const Arm& arm, Clock& clock) {
  return arm.usage ? arm.usage() : clock.usage();
}

// The only timed loop of the program. It does not allocate, and reads the clock twice per sample.
void take_samples(const Arm& arm, const SlotShape& shape, Clock& clock, std::vector<double>& sample_ns) {
  if (arm.take_samples) {
    arm.take_samples(sample_ns, shape.calls_per_sample);
    return;
  }
  const double calls = static_cast<double>(shape.calls_per_sample);
  for (double& sample : sample_ns) {
    const int64_t before = clock.now();
    for (size_t call = 0; call < shape.calls_per_sample; ++call) {
      arm.call();
    }
    sample = static_cast<double>(clock.now() - before) / calls;
  }
}

} // namespace

double Block::value(size_t arm) const {
  double smallest = std::numeric_limits<double>::infinity();
  for (const Slot& slot : slots) {
    if (slot.arm == arm) {
      smallest = std::min(smallest, slot.median_ns);
    }
  }
  return smallest;
}

Slot run_slot(const Arm& arm, size_t index, const SlotShape& shape, Clock& clock) {
  Slot slot;
  slot.arm = index;
  slot.sample_ns.assign(shape.samples, 0.0); // written here, so that no page fault occurs in the timed part
  try {
    const std::shared_ptr<void> entered = arm.enter ? arm.enter() : nullptr;
    if (shape.washout) {
      arm.call();
    }
    const std::optional<Usage> before = usage_of(arm, clock);
    slot.start = clock.now();
    take_samples(arm, shape, clock, slot.sample_ns);
    slot.wall_ns = clock.now() - slot.start;
    if (const std::optional<Usage> after = usage_of(arm, clock); before && after) {
      slot.usage = *after - *before;
    }
    if (arm.own_calls) {
      slot.own = arm.own_calls();
      slot.usage = slot.own.usage ? slot.own.usage : slot.usage;
    }
  } catch (const std::exception& error) {
    throw ArmFailed(index, one_line(error));
  }
  slot.median_ns = median(slot.sample_ns);
  return slot;
}

} // namespace tsir
