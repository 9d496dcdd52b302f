// Verdicts: what the rounds say about contrasts between arms, all of them together and at every look that is taken.
//
// A bench tests several contrasts (each pass against the one before it, and all against the baseline), and tests them
// again at each look, when it checks whether it may stop. To correct for these multiple tests, the level is divided
// over contrasts (Holm) and looks (Bonferroni), so that `alpha` holds for the bench as a whole.
#pragma once

#include "lib/bench/estimate/estimate.h"

namespace tsir {

enum class Outcome {
  identical,   // the same graph is executed: nothing to time
  faster,      // the whole interval lies beyond the band
  slower,      // the whole interval lies beyond the band, on the other side
  same,        // the whole interval lies inside the band: stronger than "no difference found"
  small,       // there is a difference, and it may or may not reach beyond the band
  inconclusive // none of these: more rounds would tell
};
std::string_view to_string(Outcome outcome); // "FASTER"

struct DecisionRule {
  double alpha = 0.05; // of a wrong verdict anywhere
  double band = 0.01;  // smaller differences count as equal: ratios of times from 1 / 1.01 to 1.01
};

struct Decision {
  Outcome outcome = Outcome::inconclusive;
  Ratio ratio;                         // its interval is the one that decided, at the level that it had to have
  double resolution = 0;               // half the interval's width: 0.004 is 0.4 %; infinite where there is no interval
  std::optional<size_t> rounds_needed; // to decide it, if the rounds to come are like those so far; nothing where it is
                                       // decided, or lies so near the band's edge that it would take thousands
};

struct Question {
  Effects effects;
  size_t looks = 1; // that its measurement takes at most
};

// One decision for each question. `family`: how many questions there are in all, where some have no answer yet.
std::vector<Decision> decide(const std::vector<Question>& questions, const DecisionRule& rule, size_t family = 0);

// What an interval means; nothing where it covers less than was asked for. `band`: of the logarithm of the ratio.
Outcome outcome_of(const Ratio& ratio, double band);
// Faster or slower.
bool changed(Outcome outcome);
// Decided: more rounds would not change it.
bool settled(Outcome outcome);

// The share of all ways to give the effects signs whose sum is as far from 0 as that of the effects, or further: exact
// to 20 effects, seeded random signs beyond.
double sign_flip_p(std::span<const double> effects);

} // namespace tsir
