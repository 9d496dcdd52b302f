// The outcome of a bench at several points: batch sizes, inputs, threads, clients, cold caches.
#pragma once

#include "lib/bench/outcome/bench_outcome.h"

namespace tsir {

struct Coordinate {
  std::string axis;  // "batch"
  std::string value; // "4"
};

// One combination of values of the axes.
struct Point {
  std::vector<Coordinate> coordinates;
  std::string input_set;        // all inputs in one text; "" for the inputs that all points share
  std::optional<int64_t> batch; // items in a call
  int threads = 0;              // 0: not set by the point
  size_t clients = 0;           // 0: one caller, the thread that measures
  bool cold = false;
  std::string label() const;      // "batch 4, threads 2"
  std::string row_suffix() const; // "batch:4/threads:2", as google/benchmark names arguments
};

struct PointOutcome {
  Point point;
  std::optional<BenchOutcome> result; // absent if the baseline cannot run at that point, or the user stopped before
  std::string failure;                // one line if it cannot run
  int threads = 0;                    // within an operator, at that point
};

// The times of an instance that has settled on inputs of one shape and then gets others. Nanoseconds of single calls of
// one instance, in the order in which they are made.
struct ShapeChange {
  size_t variant = 0;
  size_t from = 0; // indices in the list of points
  size_t to = 0;
  double settled = 0; // after warm-up with `from`
  double first = 0;   // then the first call with `to`
  double second = 0;
  double settled_again = 0; // then the settled calls with `to`
  size_t calls = 0;         // number of calls with `to` until settled
  double back_first = 0;    // then the first call with `from` again
  double back_second = 0;
  std::string failure; // one line if a call threw; then the numbers are not valid
};

struct SweepOutcome {
  BenchContext context; // of all points
  std::vector<PointOutcome> points;
  std::vector<ShapeChange> shape_changes; // between input sets, with an executor that specialises
  uint64_t flush_bytes = 0;               // the most memory that a flush of the caches touched; 0 without flushes
  std::vector<std::string> notes;         // besides those of the points
  double seconds = 0;
  bool has_control() const; // at any point
};

// The context of one point, as if it were a single bench: rows are named "model/forward/batch:4/baseline".
BenchContext context_at(const BenchContext& context, const PointOutcome& point);

} // namespace tsir
