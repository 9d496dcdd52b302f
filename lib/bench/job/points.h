// The points of a sweep: one bench under several conditions.
#pragma once

#include "lib/bench/outcome/sweep_outcome.h"

namespace tsir {

// What is varied. What has no more than one value is the same at all points, but is still shown.
struct SweepAxes {
  std::vector<std::string> input_sets = {}; // texts
  std::vector<int64_t> batches = {};
  std::vector<int> threads = {}; // within an operator
  std::vector<size_t> clients = {};
  bool cold = false; // each point a second time, with the caches flushed before each call
  bool empty() const;
};

// The axes as settings are spelled, for messages: "batch, input set, threads with several numbers, clients and cold".
std::string axes_text();

// All combinations; a point without coordinates where there are no axes. Throws Error(usage) where they are more than
// 64, or where a value is there twice.
std::vector<Point> points_of(const SweepAxes& axes);

// Benches one point in the time that the settings have for it.
using PointBench = std::function<BenchOutcome(const Point&, const BenchSettings&, const Hooks&)>;

// Point by point; each gets an equal share of the time that is left. A point whose baseline fails is a line, and the
// others go on. Throws Error of the other kinds, and where no point at all can be benched.
std::vector<PointOutcome> run_sweep(const std::vector<Point>& points, const BenchSettings& settings,
                                    const PointBench& bench, Clock& clock, const Hooks& hooks);

} // namespace tsir
