// One call with its operators on a time axis, for drawing: at::RecordFunction, which also sees what operators call, and
// whose cost does not matter here.
#pragma once

#include "lib/compat/libtorch.h"
#include "lib/bench/timing/clock.h"

namespace tsir {

struct OperatorEvent {
  std::string name;
  int64_t start = 0; // on the clock
  int64_t wall_ns = 0;
  size_t depth = 0; // 0: of the graph; 1: called by such a one
};

struct OperatorTrack {
  int64_t start = 0; // of the call
  int64_t wall_ns = 0;
  std::vector<OperatorEvent> events; // in the order of their beginnings; of the calling thread
};

OperatorTrack record_operators(const std::function<void()>& call, Clock& clock);

} // namespace tsir
