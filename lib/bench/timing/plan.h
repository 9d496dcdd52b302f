// Plans how much to measure, from the costs of calls and rounds and the available time.
#pragma once

#include "lib/bench/timing/slot.h"
#include "lib/bench/timing/warmup.h"

#include <cstdint>
#include <vector>

namespace tsir {

struct ProtocolSettings {
  size_t rounds = 0;       // exact number of rounds; 0: up to 120, until every verdict is settled
  size_t blocks = 0;       // blocks in a round; 0: chosen, up to 36
  double max_seconds = 60; // of the whole measurement; one round of a few blocks is always completed
  WarmupSettings warmup;
  uint64_t seed = 0; // of all orders
};

// The costs that the first round's instances and warm-up have shown.
struct Costs {
  std::vector<double> call_seconds; // of each arm after warm-up
  double round_seconds = 0;         // making and warming up all arms
};

struct Plan {
  SlotShape slot;
  size_t rounds = 1;         // at most
  size_t blocks = 1;         // in a round
  std::vector<size_t> looks; // rounds after which to ask whether to stop; the last is `rounds`
  double block_seconds = 0;
  double round_seconds = 0; // of a whole round, including its blocks
};

// The maximum that is chosen automatically; ProtocolSettings::rounds may be larger.
constexpr size_t most_rounds = 120;

// Slots last at least 1 ms and samples 20 us for the fastest arm; all arms make the same number of calls. If a much
// slower arm would then not fit into `available` seconds, slots are shorter.
SlotShape choose_slot(const std::vector<double>& call_seconds, double available);
// The numbers of rounds after which to look, if at most `most` fit: those of 5, 7, 9, 12, 16, 24, 36, 54, 80 and 120
// below `most`, and `most` itself.
std::vector<size_t> looks_within(size_t most);
// Up to 120 rounds if time allows, each of 12 blocks, or of up to 36 where making the instances takes long; else fewer
// rounds, down to five; else fewer blocks, and finally a single round. `available`: the time left after the first
// round's warm-up.
Plan make_plan(const Costs& costs, double available, const ProtocolSettings& settings);

} // namespace tsir
