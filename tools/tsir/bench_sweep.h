// tsir bench at several points: batch sizes, inputs, threads, clients, hot and cold caches.
#pragma once

#include "tools/tsir/bench_target.h"

namespace tsir::tool {

// All that a bench of one point has as well, ready to begin.
struct SweepJob {
  const BenchOptions& options;
  const Session& session;
  const OpenedModel& model;
  c10::Device device;
  std::vector<VariantSpec> specs;
  BenchContext context; // of all points; without the method
};

// Measures, writes the reports and files, and gives the exit code. Throws Error(usage) before anything is run where the
// inputs of one of the points do not fit.
int bench_sweep(const SweepJob& job);

} // namespace tsir::tool
