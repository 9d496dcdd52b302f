#include "lib/bench/outcome/sweep_outcome.h"

#include <algorithm>
#include <fmt/format.h>

namespace tsir {

std::string Point::label() const {
  std::string text;
  for (const Coordinate& coordinate : coordinates) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", coordinate.axis, coordinate.value);
  }
  return text;
}

std::string Point::row_suffix() const {
  std::string text;
  for (const Coordinate& coordinate : coordinates) {
    text += fmt::format("{}{}:{}", text.empty() ? "" : "/", coordinate.axis, coordinate.value);
  }
  return text;
}

bool SweepOutcome::has_control() const {
  return std::ranges::any_of(points, [](const PointOutcome& point) {
    return point.result &&
           std::ranges::any_of(point.result->groups, [](const Group& group) { return group.control.has_value(); });
  });
}

BenchContext context_at(const BenchContext& context, const PointOutcome& point) {
  BenchContext at_point = context;
  const std::string suffix = point.point.row_suffix();
  at_point.method += suffix.empty() ? "" : "/" + suffix;
  at_point.environment.threads = point.threads;
  return at_point;
}

} // namespace tsir
