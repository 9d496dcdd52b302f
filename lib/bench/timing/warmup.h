// Warms up an arm: calls it until its time has settled.
#pragma once

#include "lib/bench/timing/arm.h"
#include "lib/bench/timing/clock.h"

#include <string>
#include <vector>

namespace tsir {

struct WarmupSettings {
  size_t min_calls = 3;      // LibTorch's executor profiles in the first call and compiles in the second
  size_t window = 5;         // number of calls; fewer for slow calls, more for very short ones: see settled_window
  double closeness = 0.02;   // relative difference between the minima of the last two windows
  size_t stable_plans = 3;   // number of calls with the same plan
  double min_seconds = 0.02; // for very short calls: minimum time, until the processor has woken up
  size_t max_calls = 50;     // gives up after this number of calls, once ten times min_seconds have passed,
  double max_seconds = 10;   // or after this time since the first min_calls calls, which may compile for long
};

struct Warmup {
  std::vector<double> call_ns; // of every call, in order
  bool settled = false;        // false: gave up, or was stopped
  double seconds = 0;
  int64_t start = 0; // on the clock
};

// The number of calls in a window: `settings.window`; fewer, but at least 2, if they would take more than 50 ms; more
// if they would take less than 2 ms, because the minimum of a few very short calls is too noisy.
size_t settled_window(const std::vector<double>& call_ns, const WarmupSettings& settings);
// Whether the minimum of the last window is within `closeness` of that of the window before it.
bool times_settled(const std::vector<double>& call_ns, const WarmupSettings& settings);

// Calls the arm until its time settles or the limits are reached. `stop` (may be empty) is called between calls. Throws
// ArmFailed.
Warmup warm_up(const Arm& arm, size_t index, const WarmupSettings& settings, Clock& clock,
               const std::function<bool()>& stop);

} // namespace tsir
