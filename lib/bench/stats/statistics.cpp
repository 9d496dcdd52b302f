#include "lib/bench/stats/statistics.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace tsir {
namespace {

double percentile_of_sorted(const std::vector<double>& sorted, double p) {
  const double position = p * static_cast<double>(sorted.size() - 1);
  const size_t below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

constexpr size_t exact_limit = 50;

// P(W = w) for w = 0 … n (n + 1) / 2, where W is the signed-rank statistic of n exchangeable signs: each rank is added
// with probability one half.
std::vector<double> signed_rank_distribution(size_t n) {
  std::vector<double> probability(n * (n + 1) / 2 + 1, 0.0);
  probability[0] = 1.0;
  for (size_t rank = 1; rank <= n; ++rank) {
    for (size_t w = rank * (rank + 1) / 2 + 1; w-- > 0;) {
      probability[w] = 0.5 * (probability[w] + (w >= rank ? probability[w - rank] : 0.0));
    }
  }
  return probability;
}

// The number of Walsh averages cut off at each end, and the remaining coverage.
struct Cut {
  size_t count;
  double level;
};

Cut exact_cut(size_t n, double level) {
  const std::vector<double> probability = signed_rank_distribution(n);
  const double tail = (1.0 - level) / 2.0;
  size_t count = 0;
  double below = 0.0;
  while (below + probability[count] <= tail) {
    below += probability[count];
    ++count;
  }
  // Only the two cases with all signs equal are outside the outermost averages.
  return count == 0 ? Cut{0, 1.0 - 2.0 * probability[0]} : Cut{count - 1, 1.0 - 2.0 * below};
}

Cut normal_cut(size_t n, double level) {
  const double count = static_cast<double>(n);
  const double centre = count * (count + 1) / 4;
  const double deviation = std::sqrt(count * (count + 1) * (2 * count + 1) / 24);
  const double z = boost::math::quantile(boost::math::normal(), (1.0 - level) / 2.0);
  return {static_cast<size_t>(std::max(0.0, std::floor(centre + z * deviation))), level};
}

} // namespace

double percentile(std::span<const double> values, double p) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return percentile_of_sorted(sorted, p);
}

double median(std::span<const double> values) {
  return percentile(values, 0.5);
}

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) {
    return 0.0;
  }
  const double centre = mean(values);
  double sum = 0.0;
  for (const double value : values) {
    sum += (value - centre) * (value - centre);
  }
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

std::vector<double> walsh_averages(std::span<const double> values) {
  std::vector<double> averages;
  averages.reserve(values.size() * (values.size() + 1) / 2);
  for (size_t i = 0; i < values.size(); ++i) {
    for (size_t j = i; j < values.size(); ++j) {
      averages.push_back((values[i] + values[j]) / 2.0);
    }
  }
  std::sort(averages.begin(), averages.end());
  return averages;
}

double hodges_lehmann(std::span<const double> values) {
  return percentile_of_sorted(walsh_averages(values), 0.5);
}

Interval wilcoxon_interval(std::span<const double> values, double level) {
  const std::vector<double> averages = walsh_averages(values);
  const Cut cut = values.size() <= exact_limit ? exact_cut(values.size(), level) : normal_cut(values.size(), level);
  return {percentile_of_sorted(averages, 0.5), averages[cut.count], averages[averages.size() - 1 - cut.count],
          cut.level};
}

Interval t_interval(std::span<const double> values, double level) {
  const double centre = mean(values);
  if (values.size() < 2) {
    const double infinity = std::numeric_limits<double>::infinity();
    return {centre, -infinity, infinity, level};
  }
  const double count = static_cast<double>(values.size());
  const double t = boost::math::quantile(boost::math::students_t(count - 1), 1.0 - (1.0 - level) / 2.0);
  const double half = t * standard_deviation(values) / std::sqrt(count);
  return {centre, centre - half, centre + half, level};
}

} // namespace tsir
