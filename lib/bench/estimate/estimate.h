// Estimates the times of each arm of a measurement, and the ratio of two arms.
#pragma once

#include "lib/bench/stats/statistics.h"
#include "lib/bench/timing/protocol.h"

#include <optional>
#include <string_view>

namespace tsir {

// Times of an arm, in nanoseconds per call, over all of its samples.
struct Summary {
  double median = 0;
  double mean = 0;
  double minimum = 0;
  double maximum = 0;
  double p90 = 0;
  double p99 = 0;
  double p999 = 0;
  // If a device times itself: the host's time per call, and the part of it for enqueuing the work; else 0.
  double host = 0;
  double enqueue = 0;
  double cpu = 0; // processor time of all threads per call; NaN if unknown
  size_t calls = 0;
  size_t samples = 0;                // fewer than calls if calls are so short that several were timed together
  std::vector<double> round_medians; // of the rounds with this arm
};
// Empty if the arm has no complete block.
std::optional<Summary> summarize(const Measurement& measurement, size_t arm);
// Samples of one round, in the order in which they were taken.
std::vector<double> round_samples(const Round& round, size_t arm);

// Nanoseconds of every single call of an arm in the rounds that count; empty if it has no clients.
std::vector<double> client_latencies(const Measurement& measurement, size_t arm);

// The method by which an interval was computed.
enum class IntervalMethod {
  rounds_t,       // Student's t over rounds: includes the noise of memory placement
  blocks_wilcoxon // signed ranks over the blocks of a single round: holds for this placement in memory only
};
std::string_view to_string(IntervalMethod method);

// The time of an arm divided by that of its reference: below 1 is faster.
struct Ratio {
  double ratio = 1;
  double low = 1;
  double high = 1;
  double level = 0.95; // the coverage of [low, high]
  double asked = 0.95; // the requested coverage: more than `level` if there are too few blocks for it
  IntervalMethod method = IntervalMethod::rounds_t;
  size_t rounds = 0;
  size_t blocks = 0;
  std::vector<double> round_ratios; // of each round
};

// The effects of one arm against another in each round: logarithms of the ratio of times, below 0 if it is faster.
struct Effects {
  std::vector<double> rounds;      // of each round: the median of the ratios of two slots of the same block
  std::vector<double> halves;      // of each round with four blocks or more: half of (effect in the even blocks minus
                                   // effect in the odd ones), which shows the noise within rounds
  std::vector<double> last_blocks; // of each block of the last of these rounds: the median of the same ratios
  size_t blocks = 0;               // in all of these rounds
};
// Computed from the blocks with both arms, in rounds in which neither changed its plan. Empty if there are none.
std::optional<Effects> effects_of(const Measurement& measurement, size_t arm, size_t reference);
// The ratio with an interval of this coverage.
Ratio ratio_of(const Effects& effects, double level);

} // namespace tsir
