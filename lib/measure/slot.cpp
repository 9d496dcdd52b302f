#include "lib/measure/slot.h"

#include "lib/core/error.h"
#include "lib/measure/statistics.h"

#include <algorithm>
#include <limits>

namespace tsir {
namespace {

// The one timed loop of the program. Nothing in it allocates; the clock is read twice a sample.
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
  slot.sample_ns.assign(shape.samples, 0.0); // written once here, so that no page fault falls into the timed part
  try {
    if (shape.washout) {
      arm.call();
    }
    const Usage before = clock.usage();
    slot.start = clock.now();
    take_samples(arm, shape, clock, slot.sample_ns);
    slot.wall_ns = clock.now() - slot.start;
    slot.usage = clock.usage() - before;
    if (arm.own_calls) {
      slot.own = arm.own_calls();
      slot.usage = slot.own.usage.value_or(slot.usage);
    }
  } catch (const std::exception& error) {
    throw ArmFailed(index, one_line(error));
  }
  slot.median_ns = median(slot.sample_ns);
  return slot;
}

} // namespace tsir
