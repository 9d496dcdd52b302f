#include "lib/render/dot/rows.h"

#include <algorithm>
#include <numeric>

namespace tsir {
namespace {

// In points.
constexpr double letter_width = 7;
constexpr double line_height = 13;
constexpr double margin = 24;
constexpr double row_gap = 40;

double width_of(const Box& box) {
  size_t letters = box.title.size() + box.family.size() + 2;
  for (const std::string& line : box.lines) {
    letters = std::max(letters, line.size());
  }
  // Below the lines are the names of at most four values, and the submodule.
  size_t names = 0;
  for (size_t i = 0; i < std::min<size_t>(box.values.size(), 4); ++i) {
    names += box.values[i].size() + 2;
  }
  letters = std::max({letters, names, path_text(box.module).size()});
  return static_cast<double>(letters) * letter_width + margin;
}

double height_of(const Box& box) {
  return static_cast<double>(box.lines.size() + 4) * line_height + margin;
}

// The row of each box: below its inputs. Boxes stand in the order of the graph, so that an edge to an earlier box leads
// back; attached boxes may stand after their user.
std::vector<size_t> rows_of(const Drawing& drawing) {
  std::vector<std::vector<size_t>> inputs(drawing.boxes.size());
  for (const Edge& edge : drawing.edges) {
    if (edge.from < edge.to && edge.kind != EdgeKind::attached) {
      inputs[edge.to].push_back(edge.from);
    }
  }
  std::vector<size_t> rows(drawing.boxes.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const size_t input : inputs[i]) {
      rows[i] = std::max(rows[i], rows[input] + 1);
    }
  }
  for (const Edge& edge : drawing.edges) {
    if (edge.kind == EdgeKind::attached) {
      rows[edge.from] = rows[edge.to]; // beside its user
    }
  }
  return rows;
}

} // namespace

std::vector<Place> places_in_rows(const Drawing& drawing, bool left_to_right) {
  const std::vector<size_t> rows = rows_of(drawing);
  const size_t count = rows.empty() ? 0 : *std::ranges::max_element(rows) + 1;
  const auto across = [&](const Box& box) { return left_to_right ? height_of(box) : width_of(box); };
  const auto along = [&](const Box& box) { return left_to_right ? width_of(box) : height_of(box); };
  std::vector<double> used(count); // width of each row
  std::vector<double> heights(count);
  std::vector<Place> places(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    places[i].x = used[rows[i]] + across(drawing.boxes[i]) / 2;
    used[rows[i]] += across(drawing.boxes[i]) + margin;
    heights[rows[i]] = std::max(heights[rows[i]], along(drawing.boxes[i]));
  }
  std::vector<double> ends(count);
  std::transform_inclusive_scan(heights.begin(), heights.end(), ends.begin(), std::plus<>(),
                                [](double height) { return height + row_gap; });
  for (size_t i = 0; i < rows.size(); ++i) {
    const double x = places[i].x - used[rows[i]] / 2; // rows are centred
    const double y = ends[rows[i]] - heights[rows[i]] / 2;
    places[i] = left_to_right ? Place{y, -x} : Place{x, -y};
  }
  return places;
}

} // namespace tsir
