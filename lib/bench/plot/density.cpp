#include "lib/bench/plot/density.h"

#include "lib/bench/stats/statistics.h"

#include <algorithm>
#include <cmath>

namespace tsir {
namespace {

// More values would make no visible difference.
constexpr size_t most_values = 5000;

std::vector<double> sorted_logs(std::span<const double> values) {
  const size_t step = std::max<size_t>(1, values.size() / most_values);
  std::vector<double> logs;
  for (size_t i = 0; i < values.size(); i += step) {
    logs.push_back(std::log(values[i]));
  }
  std::ranges::sort(logs);
  return logs;
}

// Silverman's rule of thumb, with a minimum, so that even equal times give a visible hill.
double bandwidth(const std::vector<double>& logs) {
  const size_t count = logs.size();
  const double quartiles = (logs[(count * 3) / 4] - logs[count / 4]) / 1.34;
  const double deviation = count > 1 ? standard_deviation(logs) : 0;
  const double spread = quartiles > 0 ? std::min(quartiles, deviation) : deviation;
  return std::max(0.9 * spread * std::pow(static_cast<double>(count), -0.2), 1e-4);
}

} // namespace

std::vector<double> log_density(std::span<const double> values, std::span<const double> points) {
  std::vector<double> density(points.size());
  const std::vector<double> logs = sorted_logs(values);
  if (logs.empty()) {
    return density;
  }
  const double width = bandwidth(logs);
  constexpr double reach = 5; // in bandwidths: values further away contribute nothing
  for (size_t i = 0; i < points.size(); ++i) {
    const double at = std::log(points[i]);
    const auto first = std::ranges::lower_bound(logs, at - reach * width);
    for (auto it = first; it != logs.end() && *it <= at + reach * width; ++it) {
      const double distance = (*it - at) / width;
      density[i] += std::exp(-0.5 * distance * distance);
    }
  }
  const double largest = *std::ranges::max_element(density);
  for (double& value : density) {
    value = largest > 0 ? value / largest : 0;
  }
  return density;
}

std::vector<double> log_spaced(double low, double high, size_t count) {
  std::vector<double> points;
  for (size_t i = 0; i < count; ++i) {
    const double share = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 0;
    points.push_back(low * std::pow(high / low, share));
  }
  return points;
}

} // namespace tsir
