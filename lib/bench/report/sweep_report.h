// A sweep for people, and for programs.
#pragma once

#include "lib/bench/report/report.h"
#include "lib/bench/sweep.h"
#include "lib/bench/variants/shape_change.h"

namespace tsir {

struct SweepResult {
  std::vector<PointResult> points;
  std::vector<ShapeChange> shape_changes; // between input sets, under an executor that specialises
  uint64_t flush_bytes = 0;               // the most that a flush of the caches touched; 0 without one
  std::vector<std::string> notes;         // beside those of the points
  double seconds = 0;
  bool has_control() const; // at any point
};

// Of one point, as if it were a bench by itself: rows are named "model/forward/batch:4/baseline".
BenchContext context_at(const BenchContext& context, const PointResult& point);

// One table with a line for each variant at each point (two of them where caches are flushed: hot and cold are never
// mixed), and notes. Ends with a newline.
std::string sweep_text(const SweepResult& sweep, const BenchContext& context);
// As report_json, with rows of all points; everything else is in tsir.points.
nlohmann::ordered_json sweep_json(const SweepResult& sweep, const BenchContext& context);
std::vector<std::string> sweep_notes(const SweepResult& sweep, const BenchContext& context);

} // namespace tsir
