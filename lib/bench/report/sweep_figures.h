// The figures of one point in the reports.
#pragma once

#include "lib/bench/outcome/sweep_outcome.h"

namespace tsir {

struct Latency {
  double median = 0; // nanoseconds, as one client sees them
  double p90 = 0;
  double p99 = 0;
  double longest = 0;
  size_t calls = 0;
};

struct PointFigures {
  Summary summary;
  double calls_per_second = 0;            // all clients together
  std::optional<double> items_per_second; // where the batch is known
  std::optional<Latency> latency;         // where there are clients
};

// Of the times that stand for the variant; nothing where there are none.
std::optional<PointFigures> figures_of(const PointOutcome& point, size_t variant);

} // namespace tsir
