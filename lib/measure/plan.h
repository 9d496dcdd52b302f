// How much to measure: from what calls and rounds cost, and the time there is.
#pragma once

#include "lib/measure/slot.h"
#include "lib/measure/warmup.h"

#include <cstdint>
#include <vector>

namespace tsir {

struct ProtocolSettings {
  size_t rounds = 0;       // 0: chosen, up to 5
  size_t blocks = 0;       // in a round; 0: chosen, up to 12
  double max_seconds = 60; // of the whole measurement; one round of a few blocks is always finished
  WarmupSettings warmup;
  double level = 0.95; // of the intervals
  uint64_t seed = 0;   // of all orders
};

// What the first round's instances and warm-up have shown.
struct Costs {
  std::vector<double> call_seconds; // of each arm once warm
  double round_seconds = 0;         // making and warming up all arms
};

struct Plan {
  SlotShape slot;
  size_t rounds = 1;
  size_t blocks = 1; // in a round
  double block_seconds = 0;
  double round_seconds = 0; // of a whole round, blocks included
};

// Slots last 1 ms at least, samples 20 us; both by the fastest arm, and the same for all. Where that many calls of a
// much slower arm would not fit into `available` seconds, slots are shorter.
SlotShape choose_slot(const std::vector<double>& call_seconds, double available);
// Five rounds of twelve blocks where time allows; else fewer blocks, then fewer rounds, then a single round.
// `available` is what is left after the first round's warm-up.
Plan make_plan(const Costs& costs, double available, const ProtocolSettings& settings);

} // namespace tsir
