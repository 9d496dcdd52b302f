#include "lib/render/dot/changes.h"

#include "lib/diff/graph_match.h"
#include "lib/render/dot/groups.h"
#include "lib/render/dot/level_search.h"

#include <map>

namespace tsir {
namespace {

// By place among the boxes of the same node.
using NodePlaces = std::map<std::pair<const jit::Node*, size_t>, size_t>;

NodePlaces places_of(const BuiltDrawing& built) {
  NodePlaces places;
  std::map<const jit::Node*, size_t> counts;
  for (size_t i = 0; i < built.nodes.size(); ++i) {
    if (built.nodes[i] != nullptr) {
      places.emplace(std::pair(built.nodes[i], counts[built.nodes[i]]++), i);
    }
  }
  return places;
}

// What tells boxes without a node apart: inputs, outputs, state.
std::string description(const Box& box) {
  return fmt::format("{}|{}|{}", static_cast<int>(box.kind), box.title, fmt::join(box.lines, "|"));
}

bool same_label(const Box& one, const Box& other) {
  return one.title == other.title && std::ranges::equal(one.lines, other.lines, {}, without_values, without_values);
}

// Makes one drawing of two.
class Union {
public:
  Union(const BuiltDrawing& before, const BuiltDrawing& after)
      : before_(before), match_(match_graphs(*before.graph, *after.graph)), result_(after.drawing),
        where_(before.drawing.boxes.size(), none) {
    pair_nodes(places_of(after));
    pair_others(after);
  }

  Drawing run() {
    for (Box& box : result_.boxes) {
      box.change = Change::came;
    }
    add_boxes();
    join_edges();
    return std::move(result_);
  }

private:
  static constexpr size_t none = SIZE_MAX;

  void pair_nodes(const NodePlaces& after) {
    for (const auto& [place, box] : places_of(before_)) {
      const jit::Node* partner = match_.partner(*place.first);
      const auto found = partner == nullptr ? after.end() : after.find({partner, place.second});
      where_[box] = found == after.end() ? none : found->second;
    }
  }

  void pair_others(const BuiltDrawing& after) {
    std::map<std::string, std::vector<size_t>> free;
    for (size_t i = after.nodes.size(); i-- > 0;) {
      if (after.nodes[i] == nullptr) {
        free[description(after.drawing.boxes[i])].push_back(i); // the first is the last here
      }
    }
    for (size_t i = 0; i < before_.nodes.size(); ++i) {
      auto& candidates = free[description(before_.drawing.boxes[i])];
      if (before_.nodes[i] == nullptr && !candidates.empty()) {
        where_[i] = candidates.back();
        candidates.pop_back();
      }
    }
  }

  void add_boxes() {
    std::map<int, int> frames = partner_frames();
    for (size_t i = 0; i < where_.size(); ++i) {
      const Box& old = before_.drawing.boxes[i];
      if (where_[i] != none) {
        Box& box = result_.boxes[where_[i]];
        box.change = same_label(box, old) ? Change::stayed : Change::changed;
        continue;
      }
      where_[i] = result_.boxes.size();
      result_.boxes.push_back(old);
      result_.boxes.back().change = Change::went;
      result_.boxes.back().cluster = frame(old.cluster, frames);
    }
  }

  // The frames that boxes are in which stayed.
  std::map<int, int> partner_frames() const {
    std::map<int, int> frames = {{-1, -1}};
    for (size_t i = 0; i < where_.size(); ++i) {
      if (where_[i] != none) {
        frames.emplace(before_.drawing.boxes[i].cluster, result_.boxes[where_[i]].cluster);
      }
    }
    return frames;
  }

  // The frame for boxes of a frame before: its partner, or a copy of it.
  int frame(int old, std::map<int, int>& frames) {
    if (const auto known = frames.find(old); known != frames.end()) {
      return known->second;
    }
    Cluster copy = before_.drawing.clusters[static_cast<size_t>(old)];
    copy.parent = frame(copy.parent, frames);
    copy.title += " (went)";
    result_.clusters.push_back(std::move(copy));
    return frames[old] = static_cast<int>(result_.clusters.size()) - 1;
  }

  void join_edges() {
    std::map<std::tuple<size_t, size_t, EdgeKind>, size_t> known;
    for (size_t i = 0; i < result_.edges.size(); ++i) {
      const Edge& edge = result_.edges[i];
      known.emplace(std::tuple(edge.from, edge.to, edge.kind), i);
      result_.edges[i].change = Change::came;
    }
    for (const Edge& old : before_.drawing.edges) {
      const size_t from = where_[old.from];
      const size_t to = where_[old.to];
      if (const auto same = known.find({from, to, old.kind}); same != known.end()) {
        result_.edges[same->second].change = Change::stayed;
        continue;
      }
      result_.edges.push_back(old);
      result_.edges.back().from = from;
      result_.edges.back().to = to;
      result_.edges.back().change = Change::went;
    }
    for (const Edge& edge : result_.edges) {
      Box& user = result_.boxes[edge.to];
      if (edge.change != Change::stayed && user.change == Change::stayed) {
        user.change = Change::changed;
      }
    }
  }

  const BuiltDrawing& before_;
  GraphMatch match_;
  Drawing result_;
  std::vector<size_t> where_; // the box in the result for each box before
};

} // namespace

Drawing draw_changes(const GraphOfModule& before, const GraphOfModule& after, BuildSettings settings) {
  settings.module = before.module;
  const BuiltDrawing built_before = build_with_nodes(before.graph, settings);
  settings.module = after.module;
  const BuiltDrawing built_after = build_with_nodes(after.graph, settings);
  return Union(built_before, built_after).run();
}

Drawing only_changes(const Drawing& drawing) {
  std::vector<bool> keep;
  for (const Box& box : drawing.boxes) {
    keep.push_back(box.change != Change::stayed);
  }
  const std::vector<bool> changed = keep;
  for (const Edge& edge : drawing.edges) {
    if (changed[edge.from] || changed[edge.to]) {
      keep[edge.from] = keep[edge.to] = true;
    }
  }
  return with_boxes(drawing, keep);
}

Readable draw_readable_changes(const GraphOfModule& before, const GraphOfModule& after, const BuildSettings& settings,
                               size_t most) {
  LevelSearch search(most);
  if (search.offer(LevelSearch::everything, draw_changes(before, after, settings))) {
    return search.result();
  }
  BuildSettings folded = settings;
  folded.fold_constants = folded.fold_parameters = folded.fold_scalars = folded.hide_checks = true;
  const Drawing whole = draw_changes(before, after, folded);
  const Drawing changed = only_changes(whole);
  const Drawing joined = same_changes_as_boxes(changed);
  const bool found = search.offer("constants, weights and sizes in the labels, without checks", whole) ||
                     search.offer("only what changed and what is next to it", changed) ||
                     search.offer("only what changed, consecutive operators joined", joined);
  if (!found) {
    search.take("only what changed, consecutive operators joined", consecutive_as_boxes(joined, most));
  }
  return search.result();
}

} // namespace tsir
