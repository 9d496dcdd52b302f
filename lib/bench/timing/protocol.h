// The measurement: rounds of fresh instances, each warmed up and then timed in balanced blocks.
#pragma once

#include "lib/bench/timing/plan.h"
#include "lib/bench/timing/schedule.h"

#include <optional>
#include <string>
#include <vector>

namespace tsir {

// Half the relative width of the widest interval: the smallest difference that can currently be distinguished.
struct Resolution {
  double first = 0; // when it was first known
  double now = 0;
};

struct Progress {
  std::string doing; // "round 2/5, block 7/12"
  double done = 0;   // from 0 to 1
  double eta_seconds = 0;
  std::optional<Resolution> resolution = {};
};

struct Measurement;

struct Hooks {
  std::function<bool()> stop;                    // called between calls and slots; true ends the measurement
  std::function<void(const Progress&)> progress; // called between blocks only, never inside one
  // Called at every interim look except the last one: true ends the measurement. If empty, all rounds run.
  std::function<bool(const Measurement&)> enough = {};
  std::function<void()> before_round = {}; // called before the instances of a round are made
  std::function<void(const Measurement&)> round_done = {};
  // Called after each round: the arms that are left out from now on, by index. The others get their time.
  std::function<std::vector<size_t>(const Measurement&)> retire = {};
};

struct Round {
  std::vector<size_t> creation_order; // of the arms
  std::vector<double> make_seconds;   // by arm
  std::vector<Warmup> warmups;        // by arm
  std::vector<Block> blocks;
  // Arms whose plan was changed by a just-in-time compiler while they were timed: their times are not valid.
  std::vector<size_t> replanned;
  bool counts(size_t arm) const; // whether the arm's times of this round are valid
};

struct Measurement {
  std::vector<std::string> arms;
  std::vector<std::string> failures; // by arm: one line with the exception, or ""; a failed arm is not in any result
  std::vector<bool> retired;         // by arm: left out by the hook; its rounds before that count
  Plan plan;
  std::vector<Round> rounds;
  bool interrupted = false; // by the stop hook
  bool enough = false;      // ended before the last round of the plan, because the hook said so
  bool out_of_time = false; // fewer rounds or blocks than planned, by max_seconds
  int64_t start = 0;        // on the clock
  double seconds = 0;
};

// Measures all arms against each other. An arm that throws is left out from then on, and the others continue. Throws
// only what the hooks throw.
Measurement measure(const std::vector<ArmSource>& sources, const ProtocolSettings& settings, Clock& clock,
                    const Hooks& hooks = {});

} // namespace tsir
