// The points of a sweep, which is one bench under several conditions.
#pragma once

#include "lib/bench/outcome/sweep_outcome.h"

namespace tsir {

// The axes of a sweep. An axis with one value is the same at all points, but is still shown.
struct SweepAxes {
  std::vector<std::string> input_sets = {}; // texts
  std::vector<int64_t> batches = {};
  std::vector<int> threads = {}; // within an operator
  std::vector<size_t> clients = {};
  bool cold = false; // measures each point a second time, with the caches flushed before each call
  bool empty() const;
};

// The axes for messages, as settings are spelled: "batch, input set, threads with several numbers, clients and cold".
std::string axes_text();

// All combinations; one point without coordinates if there are no axes. Throws Error(usage) if there are more than 64,
// or if a value is given twice.
std::vector<Point> points_of(const SweepAxes& axes);

// Benches one point in the time that the settings allow.
using PointBench = std::function<BenchOutcome(const Point&, const BenchSettings&, const Hooks&)>;

// Benches one point after the other, each with an equal share of the time left. If the baseline fails at a point, the
// failure is recorded, and the other points are still benched. Throws Error of other kinds, and if no point can be
// benched.
std::vector<PointOutcome> run_sweep(const std::vector<Point>& points, const BenchSettings& settings,
                                    const PointBench& bench, Clock& clock, const Hooks& hooks);

} // namespace tsir
