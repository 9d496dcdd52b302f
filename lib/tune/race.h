// Candidates timed against each other, until those that cannot be the best have stopped.
#pragma once

#include "lib/bench/estimate/estimate.h"
#include "lib/bench/timing/protocol.h"

namespace tsir {

struct RaceSettings {
  ProtocolSettings protocol;
  double alpha = 0.05; // the probability that the best arm is stopped by mistake, in all looks at it together
  double band = 0.01;  // arms whose times differ by less are equally good
};

struct RaceArm {
  std::string failure;        // "" if it took part to its end
  bool stopped_early = false; // it cannot be the best
  std::optional<Ratio> ratio; // to the first arm, with an interval of 95 %; none without a common round
  double median_ns = 0;       // of its calls
};

struct RaceOutcome {
  std::vector<RaceArm> arms; // in the order of the sources
  bool interrupted = false;
  double seconds = 0;
  // The index of the fastest arm that did not fail; 0 if no other is faster than the first.
  size_t best() const;
};

// With fewer, only a large difference counts, because processes differ from each other.
constexpr size_t fewest_rounds = 3;
// Whether an interval that ends at `high` shows that the time is less than `time`. With too few rounds, it must end
// below nine tenths of `time`.
bool shows_less(double high, size_t rounds, double time);

// The arms that cannot be the best, as far as the rounds so far show. The first arm, which the others are compared
// with, always stays.
std::vector<size_t> arms_to_stop(const Measurement& measurement, const RaceSettings& settings);
// Whether the arms that are left are equally good, or only one is left beside the first.
bool race_is_over(const Measurement& measurement, const RaceSettings& settings);

RaceOutcome race(const std::vector<ArmSource>& sources, const RaceSettings& settings, Clock& clock,
                 const Hooks& hooks = {});

} // namespace tsir
