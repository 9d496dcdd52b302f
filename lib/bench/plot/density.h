// The density of a variant's times.
#pragma once

#include <span>
#include <vector>

namespace tsir {

// A Gaussian kernel density estimate over the logarithms of `values` (positive), at `points` (positive, too), with
// Silverman's bandwidth; scaled so that the largest is 1. All zeros if there are no values.
std::vector<double> log_density(std::span<const double> values, std::span<const double> points);

// `count` points between low and high, evenly spaced in their logarithms.
std::vector<double> log_spaced(double low, double high, size_t count);

} // namespace tsir
