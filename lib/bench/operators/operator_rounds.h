// Profiled rounds of fresh instances, whose calls are profiled by operator. They are separate from the timed rounds, so
// that profiling does not affect verdicts; arms take turns in the same balanced order.
#pragma once

#include "lib/bench/operators/node_times.h"
#include "lib/bench/timing/protocol.h"

namespace tsir {

// One instance of a variant, ready and warm.
struct ProfiledArm {
  std::function<void()> call; // without the profile
  // The mean of so many calls, each after one that does not count where `washout`.
  std::function<OperatorTimes(size_t calls, bool washout)> profile;
};

struct ProfiledSource {
  std::string name;
  std::function<ProfiledArm()> make;
};

struct OperatorRoundsSettings {
  size_t rounds = 5;
  size_t blocks = 6; // in a round
  double max_seconds = 30;
  WarmupSettings warmup = {};
  uint64_t seed = 0;
};

struct ProfiledTurn {
  double call_ns = 0; // without the profile: the mean of the turn's faster calls
  OperatorTimes operators;
  double operators_ns() const; // their sum
};

// By arm: of its two turns the one whose operators took less, which other work on the machine has disturbed less.
using ProfiledBlock = std::vector<ProfiledTurn>;

struct OperatorRounds {
  std::vector<std::string> failures;              // by arm, "" where there was none; a failed arm is not in any result
  std::vector<std::vector<ProfiledBlock>> rounds; // no round without a block
  size_t calls_per_turn = 1;
  bool interrupted = false;
};

// Throws only what the hooks throw.
OperatorRounds profile_rounds(const std::vector<ProfiledSource>& sources, const OperatorRoundsSettings& settings,
                              Clock& clock, const Hooks& hooks);

} // namespace tsir
