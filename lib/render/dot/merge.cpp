#include "lib/render/dot/merge.h"

#include <fmt/format.h>

namespace tsir {
namespace {

// The first box in each frame, or in a frame inside it; SIZE_MAX if it is empty.
std::vector<size_t> first_boxes(const Drawing& drawing) {
  std::vector<size_t> first(drawing.clusters.size(), SIZE_MAX);
  for (size_t i = drawing.boxes.size(); i-- > 0;) {
    for (int frame = drawing.boxes[i].cluster; frame >= 0;
         frame = drawing.clusters[static_cast<size_t>(frame)].parent) {
      first[static_cast<size_t>(frame)] = i;
    }
  }
  return first;
}

} // namespace

void keep_nodes_of_frames(const Drawing& drawing, const std::vector<size_t>& where, Drawing& result) {
  const std::vector<size_t> before = first_boxes(drawing);
  const std::vector<size_t> after = first_boxes(result);
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i] != SIZE_MAX && after[i] == SIZE_MAX) {
      std::vector<size_t>& nodes = result.boxes[where[before[i]]].nodes;
      nodes.insert(nodes.end(), drawing.clusters[i].nodes.begin(), drawing.clusters[i].nodes.end());
    }
  }
}

void EdgeMerger::add(const Edge& edge, size_t from, size_t to) {
  constexpr size_t longest_tooltip = 2000; // bytes
  const auto [at, is_new] = known_.try_emplace({from, to, edge.kind}, result_.edges.size());
  auto& names = values_[at->second];
  names.insert(edge.values.begin(), edge.values.end());
  if (is_new) {
    result_.edges.push_back(edge);
    result_.edges.back().from = from;
    result_.edges.back().to = to;
    return;
  }
  Edge& merged = result_.edges[at->second];
  merged.values.assign(names.begin(), names.end());
  if (merged.tooltip.size() < longest_tooltip) {
    merged.tooltip += "\n" + edge.tooltip;
  }
  if (labels_ == Labels::count && edge.kind == EdgeKind::data && names.size() > 1) {
    merged.label = fmt::format("{} values", names.size());
  }
}

} // namespace tsir
