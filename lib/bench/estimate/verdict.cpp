#include "lib/bench/estimate/verdict.h"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace tsir {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr size_t most_rounds_needed = 1000;

// The p-value for the effect to be beyond the band: the two-sided level at which its interval would just touch the
// band's edge. 1 if the estimate itself is inside.
double p_beyond_band(const Effects& effects, double band) {
  const size_t count = effects.rounds.size();
  const double beyond = std::abs(mean(effects.rounds)) - band;
  if (beyond <= 0 || count < 2) {
    return 1;
  }
  const double error = standard_deviation(effects.rounds) / std::sqrt(static_cast<double>(count));
  if (error <= 0) {
    return 0;
  }
  const boost::math::students_t distribution(static_cast<double>(count - 1));
  return 2 * boost::math::cdf(boost::math::complement(distribution, beyond / error));
}

// The number of rounds at which an interval at this level would clear the nearer edge of the band.
std::optional<size_t> rounds_needed(const Effects& effects, double level, double band) {
  if (effects.rounds.size() < 2) {
    return std::nullopt;
  }
  const double distance = std::abs(std::abs(mean(effects.rounds)) - band);
  const double deviation = standard_deviation(effects.rounds);
  for (size_t rounds = effects.rounds.size() + 1; rounds <= most_rounds_needed; ++rounds) {
    const boost::math::students_t distribution(static_cast<double>(rounds - 1));
    const double quantile = boost::math::quantile(boost::math::complement(distribution, (1 - level) / 2));
    if (quantile * deviation / std::sqrt(static_cast<double>(rounds)) < distance) {
      return rounds;
    }
  }
  return std::nullopt;
}

Decision decide_one(const Effects& effects, double level, double band) {
  Decision decision;
  decision.ratio = ratio_of(effects, level);
  decision.outcome = outcome_of(decision.ratio, band);
  const double width = std::log(decision.ratio.high) - std::log(decision.ratio.low);
  decision.resolution = std::isfinite(width) && decision.ratio.level > 0 ? width / 2 : infinity;
  decision.noise = round_noise(effects);
  if (decision.noise.more_than_within) {
    decision.processes = process_ratios(effects, decision.noise);
  }
  if (!settled(decision.outcome)) {
    decision.rounds_needed = rounds_needed(effects, level, band);
  }
  return decision;
}

} // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
  case Outcome::identical:
    return "IDENTICAL";
  case Outcome::faster:
    return "FASTER";
  case Outcome::slower:
    return "SLOWER";
  case Outcome::same:
    return "SAME";
  case Outcome::small:
    return "SMALL";
  case Outcome::inconclusive:
    break;
  }
  return "INCONCLUSIVE";
}

Outcome outcome_of(const Ratio& ratio, double band) {
  const double low = std::log(ratio.low);
  const double high = std::log(ratio.high);
  if (ratio.level < ratio.asked || !std::isfinite(low) || !std::isfinite(high)) {
    return Outcome::inconclusive; // too few blocks for such an interval
  }
  if (high < -band) {
    return Outcome::faster;
  }
  if (low > band) {
    return Outcome::slower;
  }
  if (low > -band && high < band) {
    return Outcome::same;
  }
  return low > 0 || high < 0 ? Outcome::small : Outcome::inconclusive;
}

bool changed(Outcome outcome) {
  return outcome == Outcome::faster || outcome == Outcome::slower;
}

bool settled(Outcome outcome) {
  return outcome != Outcome::small && outcome != Outcome::inconclusive;
}

std::vector<Decision> decide(const std::vector<Question>& questions, const DecisionRule& rule, size_t family) {
  const double band = std::log1p(rule.band);
  std::vector<double> p(questions.size());
  std::ranges::transform(questions, p.begin(), [&](const Question& question) {
    return p_beyond_band(question.effects, band) * static_cast<double>(question.looks);
  });
  std::vector<size_t> order(questions.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return p[i]; });

  // Holm's correction: the contrast with the smallest p is tested at alpha divided by the number of contrasts, the next
  // at alpha divided by the number left, and so on. From the first one that is not beyond the band, all have the same
  // level.
  std::vector<Decision> decisions(questions.size());
  size_t left = std::max(family, questions.size());
  for (const size_t i : order) {
    const double alpha = rule.alpha / static_cast<double>(questions[i].looks * left);
    decisions[i] = decide_one(questions[i].effects, 1 - alpha, band);
    left -= changed(decisions[i].outcome) && left > 1 ? 1 : 0;
  }
  return decisions;
}

double sign_flip_p(std::span<const double> effects) {
  if (effects.empty()) {
    return 1;
  }
  const double observed = std::abs(std::accumulate(effects.begin(), effects.end(), 0.0)) * (1 - 1e-12);
  const auto reaches = [&](const auto& positive) { // positive(i): whether effect i has a positive sign
    double total = 0;
    for (size_t i = 0; i < effects.size(); ++i) {
      total += positive(i) ? effects[i] : -effects[i];
    }
    return std::abs(total) >= observed;
  };
  size_t as_far = 0;
  if (effects.size() <= 20) {
    // Half of all combinations are enough: flipping every sign gives the same distance.
    const uint64_t all = uint64_t{1} << (effects.size() - 1);
    for (uint64_t signs = 0; signs < all; ++signs) {
      as_far += reaches([&](size_t i) { return (signs >> i & 1) != 0; }) ? 1 : 0;
    }
    return static_cast<double>(as_far) / static_cast<double>(all);
  }
  constexpr size_t draws = 100'000;
  std::mt19937_64 random(1);
  for (size_t draw = 0; draw < draws; ++draw) {
    as_far += reaches([&](size_t) { return (random() >> 63) != 0; }) ? 1 : 0;
  }
  return static_cast<double>(as_far + 1) / static_cast<double>(draws + 1);
}

} // namespace tsir
