#include "lib/bench/estimate/noise.h"

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tsir {
namespace {

constexpr double certainty = 0.99;  // one false alarm in a hundred comparisons
constexpr size_t fewest_rounds = 5; // with fewer, the F test finds nothing short of the grossest differences

double root_mean_square(const std::vector<double>& values) {
  const double total = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
  return std::sqrt(total / static_cast<double>(values.size()));
}

bool exceeds(const Effects& effects, double between, double within) {
  if (effects.rounds.size() < fewest_rounds || effects.halves.size() < fewest_rounds || within <= 0) {
    return false;
  }
  const boost::math::fisher_f distribution(static_cast<double>(effects.rounds.size() - 1),
                                           static_cast<double>(effects.halves.size()));
  const double ratio = between / within;
  return ratio * ratio > boost::math::quantile(distribution, certainty);
}

} // namespace

double RoundNoise::placement() const {
  return within ? std::sqrt(std::max(0.0, rounds * rounds - *within * *within)) : 0;
}

RoundNoise round_noise(const Effects& effects) {
  RoundNoise noise;
  noise.rounds = standard_deviation(effects.rounds);
  if (!effects.halves.empty()) {
    noise.within = root_mean_square(effects.halves);
    noise.more_than_within = exceeds(effects, noise.rounds, *noise.within);
  }
  return noise;
}

Interval process_ratios(const Effects& effects, const RoundNoise& noise) {
  constexpr double level = 0.95;
  const auto count = static_cast<double>(effects.rounds.size());
  const double error = noise.rounds / std::sqrt(count);
  const boost::math::students_t distribution(count - 1);
  const double reach = boost::math::quantile(distribution, (1 + level) / 2) * std::hypot(noise.placement(), error);
  const double middle = mean(effects.rounds);
  return {std::exp(middle), std::exp(middle - reach), std::exp(middle + reach), level};
}

} // namespace tsir
