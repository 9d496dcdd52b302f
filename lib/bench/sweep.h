// One bench under several conditions, a point each: batch sizes, inputs, threads, clients, cold caches.
#pragma once

#include "lib/bench/bench.h"

namespace tsir {

// What is varied. What has no more than one value is the same at all points, but is still shown.
struct SweepAxes {
  std::vector<std::string> input_sets = {}; // texts
  std::vector<int64_t> batches = {};
  std::vector<int> threads = {}; // within an operator
  std::vector<size_t> clients = {};
  bool cold = false; // each point a second time, with the caches flushed before each call
};

struct Coordinate {
  std::string axis;  // "batch"
  std::string value; // "4"
};

struct Point {
  std::vector<Coordinate> coordinates;
  std::string input_set;        // "" for the inputs of --input
  std::optional<int64_t> batch; // items in a call
  int threads = 0;              // 0: as it is
  size_t clients = 0;           // 0: one caller, the thread that measures
  bool cold = false;
  std::string label() const;      // "batch 4, threads 2"
  std::string row_suffix() const; // "batch:4/threads:2", as google/benchmark names arguments
};

// All combinations; a point without coordinates where there are no axes. Throws Error(usage) where they are more than
// 64, or where a value is there twice.
std::vector<Point> points_of(const SweepAxes& axes);

struct PointResult {
  Point point;
  std::optional<BenchResult> result; // absent where the baseline cannot run at that point, or the user stopped before
  std::string failure;               // one line where it cannot
  int threads = 0;                   // within an operator, at that point
};

// Benches one point in the time that the settings have for it.
using PointBench = std::function<BenchResult(const Point&, const BenchSettings&, const Hooks&)>;

// Point by point; each gets an equal share of the time that is left. A point whose baseline fails is a line, and the
// others go on. Throws Error of the other kinds, and where no point at all can be benched.
std::vector<PointResult> run_sweep(const std::vector<Point>& points, const BenchSettings& settings,
                                   const PointBench& bench, Clock& clock, const Hooks& hooks);

} // namespace tsir
