// Verdicts on the contrasts between arms, corrected for the number of contrasts and of interim looks.
//
// A bench tests several contrasts (each pass against the one before it, and all against the baseline), and tests them
// again at each interim look, to decide whether it can stop. Every test is a chance of an error. The level is therefore
// corrected for the contrasts (Holm) and the looks (Bonferroni), so that `alpha` holds for the whole bench.
#pragma once

#include "lib/bench/estimate/noise.h"

namespace tsir {

enum class Outcome {
  identical,   // the same graph is executed, so there is nothing to time
  faster,      // the whole interval lies beyond the band
  slower,      // the same, on the other side
  same,        // the whole interval lies inside the band: not merely "no difference found"
  small,       // there is a difference, which may or may not be larger than the band
  inconclusive // none of these: more rounds are needed
};
std::string_view to_string(Outcome outcome); // "FASTER"

struct DecisionRule {
  double alpha = 0.05; // the probability of any wrong verdict
  double band = 0.01;  // equivalence band: smaller differences count as none, here times from 1 / 1.01 to 1.01
};

struct Decision {
  Outcome outcome = Outcome::inconclusive;
  Ratio ratio;           // with the interval that decided, at its corrected level
  double resolution = 0; // half the interval's width: 0.004 is 0.4 %; infinite without an interval
  // The number of rounds needed to decide it, if further rounds are like those so far. Empty if it is decided, or so
  // close to the band's edge that it would take thousands of rounds.
  std::optional<size_t> rounds_needed;
  RoundNoise noise;
  // The ratios that single processes would see, if rounds scatter by more than noise within them explains.
  std::optional<Interval> processes;
};

struct Question {
  Effects effects;
  size_t looks = 1; // maximum number of looks of its measurement
};

// Makes one decision for each question. `family`: the number of all questions, if some cannot be answered yet.
std::vector<Decision> decide(const std::vector<Question>& questions, const DecisionRule& rule, size_t family = 0);

// The outcome for an interval; inconclusive if its coverage is less than requested. `band`: of the logarithm of the
// ratio.
Outcome outcome_of(const Ratio& ratio, double band);
// Whether the outcome is faster or slower.
bool changed(Outcome outcome);
// Whether the outcome is decided, so that more rounds are not needed.
bool settled(Outcome outcome);

// The p-value of a sign-flip test: the share of all combinations of signs whose sum is at least as far from 0 as that
// of the effects. Exact up to 20 effects; seeded random signs for more.
double sign_flip_p(std::span<const double> effects);

} // namespace tsir
