#include "lib/render/dot/merge.h"

#include <fmt/format.h>

namespace tsir {

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
