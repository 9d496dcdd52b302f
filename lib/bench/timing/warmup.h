// Calling an arm until its time has settled.
#pragma once

#include "lib/bench/timing/arm.h"
#include "lib/bench/timing/clock.h"

#include <string>
#include <vector>

namespace tsir {

struct WarmupSettings {
  size_t min_calls = 3;      // LibTorch's executor profiles in the first call and compiles in the second
  size_t window = 5;         // calls; fewer for slow calls, more for very short ones: see settled_window
  double closeness = 0.02;   // the last window's minimum against that of the window before
  size_t stable_plans = 3;   // calls with the same plan
  double min_seconds = 0.02; // at least, so that the processor reaches its full clock even with very short calls
  size_t max_calls = 50;     // gives up after this many calls, once ten times min_seconds have passed,
  double max_seconds = 10;   // or this long after the first min_calls calls, which may compile for long
};

struct Warmup {
  std::vector<double> call_ns; // of every call, in order
  bool settled = false;        // false: given up, or asked to stop
  double seconds = 0;
  int64_t start = 0; // on the clock
};

// The calls in a window: `settings.window`; fewer, but at least 2, where they would fill more than 50 ms, and more
// where they would fill less than 2 ms, because the minimum of a few very short calls is too noisy.
size_t settled_window(const std::vector<double>& call_ns, const WarmupSettings& settings);
// Whether the minimum of the last window lies within `closeness` of the minimum of the window before it.
bool times_settled(const std::vector<double>& call_ns, const WarmupSettings& settings);

// Calls until settled or given up. `stop` (may be empty) is asked between calls. Throws ArmFailed.
Warmup warm_up(const Arm& arm, size_t index, const WarmupSettings& settings, Clock& clock,
               const std::function<bool()>& stop);

} // namespace tsir
