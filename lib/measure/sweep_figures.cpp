#include "lib/measure/sweep_figures.h"

#include "lib/measure/clients.h"

namespace tsir {
namespace {

std::optional<Latency> latency_of(const BenchResult& result, size_t variant) {
  for (const size_t candidate : {variant, result.timed_as(variant)}) { // itself where it was timed by force
    for (const Group& group : result.groups) {
      const auto found = std::ranges::find(group.variants, candidate);
      if (found == group.variants.end()) {
        continue;
      }
      const std::vector<double> all =
          client_latencies(group.measurement, static_cast<size_t>(found - group.variants.begin()));
      if (!all.empty()) {
        return Latency{median(all), percentile(all, 0.9), percentile(all, 0.99), std::ranges::max(all), all.size()};
      }
    }
  }
  return std::nullopt;
}

} // namespace

std::optional<PointFigures> figures_of(const PointResult& point, size_t variant) {
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
