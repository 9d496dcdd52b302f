// How much to measure, from the cost of calls and rounds and the time available.
#pragma once

#include "lib/bench/timing/slot.h"
#include "lib/bench/timing/warmup.h"

#include <cstdint>
#include <vector>

namespace tsir {

struct ProtocolSettings {
  size_t rounds = 0;       // exactly this many; 0: up to 120, until every verdict is decided
  size_t blocks = 0;       // in a round; 0: chosen, up to 12
  double max_seconds = 60; // of the whole measurement; one round of a few blocks is always finished
  WarmupSettings warmup;
  uint64_t seed = 0; // of all orders
};

// Measured in the first round, while its instances were made and warmed up.
struct Costs {
  std::vector<double> call_seconds; // of each arm once warm
  double round_seconds = 0;         // making and warming up all arms
};

struct Plan {
  SlotShape slot;
  size_t rounds = 1;         // at most
  size_t blocks = 1;         // in a round
  std::vector<size_t> looks; // numbers of rounds after which to ask whether enough is known; the last is `rounds`
  double block_seconds = 0;
  double round_seconds = 0; // of a whole round, blocks included
};

// The default limit; ProtocolSettings::rounds may ask for any number.
constexpr size_t most_rounds = 120;

// Slots last 1 ms at least, samples 20 us; both by the fastest arm, and the same for all. Where that many calls of a
// much slower arm would not fit into `available` seconds, slots are shorter.
SlotShape choose_slot(const std::vector<double>& call_seconds, double available);
// The number of rounds after which to look, where at most `most` fit: 5, 7, 9, 12, 16, 24, 36, 54, 80, 120, as far as
// they go, and the last one.
std::vector<size_t> looks_within(size_t most);
// Up to 120 rounds of twelve blocks where time allows; else fewer rounds, down to five; else fewer blocks, then a
// single round. `available` is what is left after the first round's warm-up.
Plan make_plan(const Costs& costs, double available, const ProtocolSettings& settings);

} // namespace tsir
