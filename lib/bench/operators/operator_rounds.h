// Rounds of fresh instances for profiling calls. They are separate from the timed rounds, so that profiling does not
// affect verdicts. Arms take turns in balanced order, as in the timed rounds.
#pragma once

#include "lib/bench/operators/node_times.h"
#include "lib/bench/timing/protocol.h"

namespace tsir {

// One instance of a variant, ready and warm.
struct ProfiledArm {
  std::function<void()> call; // without the profile
  // Returns the mean of `calls` calls; with `washout`, each after one unmeasured call.
  std::function<OperatorTimes(size_t calls, bool washout)> profile;
};

struct ProfiledSource {
  std::string name;
  std::function<ProfiledArm()> make;
};

struct OperatorRoundsSettings {
  size_t rounds = 5;
  size_t blocks = 6; // number of blocks in a round
  double max_seconds = 30;
  WarmupSettings warmup = {};
  uint64_t seed = 0;
};

struct ProfiledTurn {
  double call_ns = 0; // time without the profile: the mean of the turn's faster calls
  OperatorTimes operators;
  double operators_ns() const; // the sum of their times
};

// By arm: the one of its two turns whose operators took less time, because it was disturbed less.
using ProfiledBlock = std::vector<ProfiledTurn>;

struct OperatorRounds {
  std::vector<std::string> failures;              // by arm, "" if it did not fail; a failed arm is not in any result
  std::vector<std::vector<ProfiledBlock>> rounds; // every round has a block
  size_t calls_per_turn = 1;
  bool interrupted = false;
};

// Throws only what the hooks throw.
OperatorRounds profile_rounds(const std::vector<ProfiledSource>& sources, const OperatorRoundsSettings& settings,
                              Clock& clock, const Hooks& hooks);

} // namespace tsir
