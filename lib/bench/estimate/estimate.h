// What a measurement says about each arm, and about one arm against another.
#pragma once

#include "lib/bench/stats/statistics.h"
#include "lib/bench/timing/protocol.h"

#include <optional>
#include <string_view>

namespace tsir {

// Times of an arm, in nanoseconds a call, over all of its samples.
struct Summary {
  double median = 0;
  double mean = 0;
  double minimum = 0;
  double maximum = 0;
  double p90 = 0;
  double p99 = 0;
  double p999 = 0;
  // Where a device times itself: what a slot took the host, a call, and of that handing the work over; else 0.
  double host = 0;
  double enqueue = 0;
  double cpu = 0; // processor time of all threads, a call; no number (NaN) where it is not known
  size_t calls = 0;
  size_t samples = 0;                // fewer than calls where these are so short that several were timed together
  std::vector<double> round_medians; // of the rounds that have it
};
// Nothing where the arm has no complete block.
std::optional<Summary> summarize(const Measurement& measurement, size_t arm);
// Samples of one round, in the order in which they were taken.
std::vector<double> round_samples(const Round& round, size_t arm);

// Nanoseconds of every single call of an arm in the rounds that count; empty where it has no clients.
std::vector<double> client_latencies(const Measurement& measurement, size_t arm);

// Where an interval comes from.
enum class IntervalMethod {
  rounds_t,       // Student's t over rounds: includes the noise of where memory happens to lie
  blocks_wilcoxon // signed ranks over the blocks of a single round: holds for this placement in memory only
};
std::string_view to_string(IntervalMethod method);

// Time of an arm over time of its reference: below 1 is faster.
struct Ratio {
  double ratio = 1;
  double low = 1;
  double high = 1;
  double level = 0.95; // the coverage of [low, high]
  double asked = 0.95; // the coverage asked for: more than `level` where there are too few blocks for it
  IntervalMethod method = IntervalMethod::rounds_t;
  size_t rounds = 0;
  size_t blocks = 0;
  std::vector<double> round_ratios; // Hodges-Lehmann of each round
};

// What the rounds say about one arm against another: logarithms of the ratio of times, below 0 where it is faster.
struct Effects {
  std::vector<double> rounds;      // of each round: Hodges-Lehmann of its blocks
  std::vector<double> last_blocks; // of the blocks of the last of these rounds
  size_t blocks = 0;               // in all of these rounds
};
// From the blocks that hold both arms, in rounds where neither changed its plan. Nothing where there is none.
std::optional<Effects> effects_of(const Measurement& measurement, size_t arm, size_t reference);
// With an interval of this coverage.
Ratio ratio_of(const Effects& effects, double level);

} // namespace tsir
