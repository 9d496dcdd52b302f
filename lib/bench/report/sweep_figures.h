// The figures of a point for its lines in the reports.
#pragma once

#include "lib/bench/outcome/sweep_outcome.h"

namespace tsir {

struct Latency {
  double median = 0; // nanoseconds of one client's calls
  double p90 = 0;
  double p99 = 0;
  double longest = 0;
  size_t calls = 0;
};

struct PointFigures {
  Summary summary;
  double calls_per_second = 0;            // total of all clients
  std::optional<double> items_per_second; // if the batch size is known
  std::optional<Latency> latency;         // if there are clients
};

// The figures of the variant, or of the one that it is identical to; empty if it has no times.
std::optional<PointFigures> figures_of(const PointOutcome& point, size_t variant);

} // namespace tsir
