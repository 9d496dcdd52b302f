#include "lib/archive/pickle_graph.h"

#include <algorithm>
#include <cstddef>

namespace tsir {

PickleGraph::Index PickleGraph::add(PickleItem item) {
  items_.push_back(item);
  return static_cast<Index>(items_.size() - 1);
}

PickleGraph::Index PickleGraph::add_tuple(const Index* begin, size_t count) {
  PickleItem tuple{.kind = PickleKind::tuple,
                   .first = static_cast<uint32_t>(tuple_items_.size()),
                   .count = static_cast<uint32_t>(count),
                   .number = 0,
                   .text = {}};
  tuple_items_.insert(tuple_items_.end(), begin, begin + count);
  const Index index = add(tuple);
  for (size_t i = 0; i < count; ++i) {
    hold(index, begin[i]);
  }
  return index;
}

const PickleItem* PickleGraph::at(const PickleItem& tuple, size_t position) const {
  if (tuple.kind != PickleKind::tuple || position >= tuple.count) {
    return nullptr;
  }
  return &items_[tuple_items_[tuple.first + position]];
}

// An iterative depth-first search. `height` is 0 for an unvisited object, and `open` while the object is being visited.
size_t PickleGraph::depth() const {
  std::vector<size_t> start(items_.size() + 1, 0);
  for (const auto& edge : edges_) {
    ++start[edge.holder + 1];
  }
  for (size_t i = 1; i < start.size(); ++i) {
    start[i] += start[i - 1];
  }
  std::vector<Index> held(edges_.size());
  std::vector<size_t> fill(start.begin(), start.end() - 1);
  for (const auto& edge : edges_) {
    held[fill[edge.holder]++] = edge.held;
  }

  constexpr uint32_t open = UINT32_MAX;
  std::vector<uint32_t> height(items_.size(), 0);
  struct Visit {
    Index item;
    size_t next;
  };
  std::vector<Visit> visits;
  uint32_t deepest = 0;
  for (Index root = 0; root < items_.size(); ++root) {
    if (height[root] != 0) {
      continue;
    }
    visits.push_back({root, start[root]});
    height[root] = open;
    while (!visits.empty()) {
      auto& [item, next] = visits.back();
      if (next < start[item + 1]) {
        const Index child = held[next++];
        if (height[child] == open) {
          return SIZE_MAX;
        }
        if (height[child] == 0) {
          height[child] = open;
          visits.push_back({child, start[child]});
        }
        continue;
      }
      uint32_t below = 0;
      for (size_t i = start[item]; i < start[item + 1]; ++i) {
        below = std::max(below, height[held[i]]);
      }
      height[item] = below + 1;
      deepest = std::max(deepest, below + 1);
      visits.pop_back();
    }
  }
  return deepest;
}

} // namespace tsir
