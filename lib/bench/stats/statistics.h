// Statistics that Boost.Math lacks. All functions require at least one value.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tsir {

// Linear between order statistics, as numpy's default does it; `p` from 0 to 1.
double percentile(std::span<const double> values, double p);
double median(std::span<const double> values);
double mean(std::span<const double> values);
// With n - 1; 0 for a single value.
double standard_deviation(std::span<const double> values);

// The means of all pairs i <= j, sorted: n (n + 1) / 2 of them.
std::vector<double> walsh_averages(std::span<const double> values);
// The median of the Walsh averages: nearly as efficient as the mean on normal data, and robust against
// outliers.
double hodges_lehmann(std::span<const double> values);

// An estimate with its confidence interval. `level` is the actual coverage, 0.95 for 95 %: with few values the Wilcoxon
// interval cannot reach the requested coverage, and `level` is then the one that it reaches. Bounds are infinite where
// there are too few values for an interval (one value for Student's t).
struct Interval {
  double estimate = 0;
  double low = 0;
  double high = 0;
  double level = 0;
};

// Hodges-Lehmann with the interval that inverts the Wilcoxon signed-rank test: exact to 50 values, normal beyond.
Interval wilcoxon_interval(std::span<const double> values, double level);
// The mean with Student's t on n - 1 degrees of freedom.
Interval t_interval(std::span<const double> values, double level);

} // namespace tsir
