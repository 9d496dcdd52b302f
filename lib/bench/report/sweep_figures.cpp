#include "lib/bench/report/sweep_figures.h"

namespace tsir {
namespace {

std::optional<Latency> latency_of(const BenchOutcome& result, size_t variant) {
  const auto timed = result.timed_arm(variant);
  const std::vector<double> all =
      timed ? client_latencies(timed->group->measurement, timed->arm) : std::vector<double>();
  if (all.empty()) {
    return std::nullopt;
  }
  return Latency{median(all), percentile(all, 0.9), percentile(all, 0.99), std::ranges::max(all), all.size()};
}

} // namespace

std::optional<PointFigures> figures_of(const PointOutcome& point, size_t variant) {
  const auto summary = point.result ? point.result->summary(variant) : std::nullopt;
  if (!summary || summary->median <= 0) {
    return std::nullopt;
  }
  PointFigures figures;
  figures.summary = *summary;
  figures.calls_per_second = 1e9 / summary->median;
  if (point.point.batch) {
    figures.items_per_second = static_cast<double>(*point.point.batch) * figures.calls_per_second;
  }
  if (point.point.clients > 0) {
    figures.latency = latency_of(*point.result, variant);
  }
  return figures;
}

} // namespace tsir
