// What a search makes small.
#pragma once

#include "lib/bench/timing/plan.h"
#include "lib/bench/variants/rival.h"

namespace tsir {

enum class Goal {
  latency,    // the time of a call: the median
  p99,        // the time that 99 of 100 calls keep
  throughput, // the time per call of several clients that call at once
  first_call, // from opening the file to the end of the third call (or cycle): those that profile and compile
  memory      // the most memory that the process has held after that
};
std::string_view to_string(Goal goal);    // "first-call"
Goal parse_goal(const std::string& name); // throws Error(usage)

// An arm whose samples are the goal's figure, in nanoseconds or bytes. Of a fresh process; for first_call and memory,
// of a fresh process for each sample.
Arm arm_for(Goal goal, const Rival& rival, const std::function<bool()>& stop);
// The protocol's settings for such arms: a fresh process needs no warm-up.
ProtocolSettings protocol_for(Goal goal);
// The figure of a single call, where that of an arm is of a cycle of `calls`; as it is for first_call and memory.
double per_call(Goal goal, double figure, size_t calls);
// "1.24 ms", "310 MiB"
std::string figure_text(Goal goal, double figure);

} // namespace tsir
