// The statistics for measurements that Boost.Math does not have. All functions require at least one value.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tsir {

// Linear interpolation between order statistics, as numpy's default; `p` from 0 to 1.
double percentile(std::span<const double> values, double p);
double median(std::span<const double> values);
double mean(std::span<const double> values);
// With divisor n - 1; 0 for a single value.
double standard_deviation(std::span<const double> values);

// The means of all pairs i <= j, sorted: n (n + 1) / 2 of them.
std::vector<double> walsh_averages(std::span<const double> values);
// The median of the Walsh averages: as efficient as the mean on quiet data, and hardly affected by bursts.
double hodges_lehmann(std::span<const double> values);

// An estimate between two bounds. `level` is the actual coverage of the bounds, 0.95 for 95 %: with few values, the
// Wilcoxon interval cannot reach the requested coverage, and `level` is what it reaches. Bounds are infinite if they
// cannot be determined (one value for Student's t).
struct Interval {
  double estimate = 0;
  double low = 0;
  double high = 0;
  double level = 0;
};

// Hodges-Lehmann with the interval that inverts the Wilcoxon signed-rank test: exact up to 50 values, with a normal
// approximation beyond.
Interval wilcoxon_interval(std::span<const double> values, double level);
// The mean with Student's t on n - 1 degrees of freedom.
Interval t_interval(std::span<const double> values, double level);

} // namespace tsir
