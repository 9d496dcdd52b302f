#include "lib/render/dot/repeats.h"

#include "lib/render/dot/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

namespace tsir {
namespace {

// A submodule with its boxes, in order.
struct Instance {
  std::vector<ModuleStep> path;
  std::vector<size_t> boxes = {};
  std::vector<std::tuple<size_t, size_t, EdgeKind>> edges = {}; // between them, by their places in `boxes`
};
using Run = std::vector<const Instance*>;

bool starts_with(const std::vector<ModuleStep>& module, const std::vector<ModuleStep>& path) {
  return module.size() >= path.size() && std::equal(path.begin(), path.end(), module.begin());
}

// The title; for a box that is named after a submodule, from the submodule at `path` on.
std::string title_within(const Box& box, const std::vector<ModuleStep>& path) {
  const bool named_after =
      box.kind == BoxKind::submodule || box.kind == BoxKind::call || box.kind == BoxKind::parameter;
  const std::string prefix = path_text(path);
  return named_after && box.title.starts_with(prefix) ? box.title.substr(prefix.size()) : box.title;
}

// All that must be the same in each repetition of a box.
std::string signature(const Box& box, const std::vector<ModuleStep>& path, Sameness sameness) {
  std::string text =
      fmt::format("{}|{}|{}|{}", static_cast<int>(box.kind), title_within(box, path), box.family,
                  path_text({box.module.begin() + static_cast<ptrdiff_t>(path.size()), box.module.end()}));
  for (const std::string& line : sameness == Sameness::exact ? box.lines : std::vector<std::string>()) {
    text += "|" + without_values(line);
  }
  return text + (sameness == Sameness::exact ? fmt::format("|{}", box.elements) : "");
}

bool are_same(const Drawing& drawing, const Instance& one, const Instance& other, Sameness sameness) {
  return one.path.back().class_name == other.path.back().class_name && one.edges == other.edges &&
         std::ranges::equal(one.boxes, other.boxes, [&](size_t a, size_t b) {
           return signature(drawing.boxes[a], one.path, sameness) == signature(drawing.boxes[b], other.path, sameness);
         });
}

// The frame around a submodule; std::nullopt if its boxes lie in several.
std::optional<int> frame_around(const Drawing& drawing, const Instance& instance) {
  std::optional<int> found;
  for (const size_t box : instance.boxes) {
    int frame = drawing.boxes[box].cluster;
    while (frame >= 0 && starts_with(drawing.clusters[static_cast<size_t>(frame)].module, instance.path)) {
      frame = drawing.clusters[static_cast<size_t>(frame)].parent;
    }
    if (found.value_or(frame) != frame) {
      return std::nullopt;
    }
    found = frame;
  }
  return found;
}

// The submodules with paths of `depth` steps, in order.
std::vector<Instance> instances_at(const Drawing& drawing, size_t depth) {
  std::vector<Instance> instances;
  std::map<std::string, size_t> known;
  std::vector<std::pair<size_t, size_t>> places(drawing.boxes.size(), {SIZE_MAX, 0}); // instance, place in it
  for (size_t i = 0; i < drawing.boxes.size(); ++i) {
    const auto& module = drawing.boxes[i].module;
    if (module.size() < depth) {
      continue;
    }
    const std::vector<ModuleStep> path(module.begin(), module.begin() + static_cast<ptrdiff_t>(depth));
    const auto [at, is_new] = known.try_emplace(path_text(path), instances.size());
    if (is_new) {
      instances.push_back({path});
    }
    places[i] = {at->second, instances[at->second].boxes.size()};
    instances[at->second].boxes.push_back(i);
  }
  for (const Edge& edge : drawing.edges) {
    const auto [from, from_place] = places[edge.from];
    const auto [to, to_place] = places[edge.to];
    if (from == to && from != SIZE_MAX) {
      instances[from].edges.emplace_back(from_place, to_place, edge.kind);
    }
  }
  for (Instance& instance : instances) {
    std::ranges::sort(instance.edges);
  }
  return instances;
}

// Which boxes take a value of which.
using Users = std::vector<std::vector<size_t>>;

Users users_in(const Drawing& drawing) {
  Users users(drawing.boxes.size());
  for (const Edge& edge : drawing.edges) {
    if (edge.kind == EdgeKind::data) {
      users[edge.from].push_back(edge.to);
    }
  }
  return users;
}

// Whether `next` takes what `instance` gives, perhaps through other boxes. Siblings that work side by side, such as
// query, key and value, do not.
bool leads_to(const Users& users, const Instance& instance, const Instance& next) {
  std::vector<bool> seen(users.size());
  std::vector<bool> wanted(users.size());
  for (const size_t box : next.boxes) {
    wanted[box] = true;
  }
  std::vector<size_t> open = instance.boxes;
  while (!open.empty()) {
    const size_t box = open.back();
    open.pop_back();
    if (wanted[box]) {
      return true;
    }
    for (const size_t user : users[box]) {
      if (!seen[user]) {
        seen[user] = true;
        open.push_back(user);
      }
    }
  }
  return false;
}

bool worth_drawing_once(const Run& run) {
  return run.size() > 2 || (run.size() == 2 && run[0]->boxes.size() > 1);
}

// The longest runs of the same siblings.
std::vector<Run> runs_of(const Drawing& drawing, const std::vector<Instance>& instances, Sameness sameness) {
  const Users users = users_in(drawing);
  std::map<std::string, std::vector<Run>> by_parent;
  for (const Instance& instance : instances) {
    auto& runs = by_parent[path_text({instance.path.begin(), instance.path.end() - 1})];
    const auto frame = frame_around(drawing, instance);
    const bool fits = !runs.empty() && frame && frame_around(drawing, *runs.back()[0]) == frame &&
                      are_same(drawing, *runs.back()[0], instance, sameness) &&
                      leads_to(users, *runs.back().back(), instance);
    if (fits) {
      runs.back().push_back(&instance);
    } else {
      runs.push_back({&instance});
    }
  }
  std::vector<Run> result;
  for (const auto& [parent, runs] : by_parent) {
    std::ranges::copy_if(runs, std::back_inserter(result), worth_drawing_once);
  }
  return result;
}

std::string title_of(const Run& run) {
  return fmt::format("{} … {} × {}", path_text(run.front()->path), run.back()->path.back().name, run.size());
}

// Puts a frame around the first of a run. Frames stand after those that they are in.
void add_frame(Drawing& drawing, const Run& run) {
  const Instance& first = *run.front();
  const int outer = *frame_around(drawing, first);
  const int added = outer + 1;
  const auto shift = [&](int& number) { number += number >= added ? 1 : 0; };
  for (Cluster& cluster : drawing.clusters) {
    shift(cluster.parent);
  }
  for (Box& box : drawing.boxes) {
    shift(box.cluster);
  }
  const std::string title = fmt::format("{} ({})", title_of(run), first.path.back().class_name);
  drawing.clusters.insert(drawing.clusters.begin() + added,
                          {ClusterKind::repeated, title, title + "; only the first is drawn", outer, first.path});
  for (const size_t box : first.boxes) {
    int* place = &drawing.boxes[box].cluster;
    while (*place != outer && *place != added) {
      place = &drawing.clusters[static_cast<size_t>(*place)].parent;
    }
    *place = added;
  }
}

bool is_whole_submodule(const Box& box) {
  return box.kind == BoxKind::submodule || box.kind == BoxKind::call;
}

void mark(Drawing& drawing, const Run& run) {
  Box& box = drawing.boxes[run[0]->boxes[0]];
  if (run[0]->boxes.size() > 1 || !is_whole_submodule(box)) {
    add_frame(drawing, run);
    return;
  }
  box.title = title_of(run);
  box.tooltip = fmt::format("{}\n{} operators each", box.title, box.operators);
}

void append_nodes(std::vector<size_t>& nodes, const std::vector<size_t>& more) {
  nodes.insert(nodes.end(), more.begin(), more.end());
}

// What is drawn once stands for the nodes of all repetitions. Before frames are added to the result.
void join_nodes(const Drawing& drawing, const std::vector<Run>& runs, Drawing& result) {
  std::set<int> joined;
  for (const Run& run : runs) {
    for (size_t k = 1; k < run.size(); ++k) {
      for (size_t j = 0; j < run[k]->boxes.size(); ++j) {
        const Box& repeated = drawing.boxes[run[k]->boxes[j]];
        const Box& first = drawing.boxes[run[0]->boxes[j]];
        append_nodes(result.boxes[run[0]->boxes[j]].nodes, repeated.nodes);
        for (int from = repeated.cluster, to = first.cluster; from >= 0 && to >= 0 && from != to;) {
          const Cluster& frame = drawing.clusters[static_cast<size_t>(from)];
          if (joined.insert(from).second) {
            append_nodes(result.clusters[static_cast<size_t>(to)].nodes, frame.nodes);
          }
          from = frame.parent;
          to = drawing.clusters[static_cast<size_t>(to)].parent;
        }
      }
    }
  }
}

Drawing once_at(const Drawing& drawing, size_t depth, Sameness sameness) {
  const std::vector<Instance> instances = instances_at(drawing, depth);
  Drawing result = drawing;
  result.edges.clear();
  std::vector<size_t> where(drawing.boxes.size());
  std::vector<std::pair<size_t, size_t>> member(drawing.boxes.size()); // number of the run from 1 on, and in the run
  std::vector<bool> keep(drawing.boxes.size(), true);
  for (size_t i = 0; i < where.size(); ++i) {
    where[i] = i;
  }
  const std::vector<Run> runs = runs_of(drawing, instances, sameness);
  join_nodes(drawing, runs, result);
  for (size_t r = 0; r < runs.size(); ++r) {
    for (size_t k = 0; k < runs[r].size(); ++k) {
      for (size_t j = 0; j < runs[r][k]->boxes.size(); ++j) {
        const size_t box = runs[r][k]->boxes[j];
        where[box] = runs[r][0]->boxes[j];
        member[box] = {r + 1, k};
        keep[box] = k == 0;
      }
    }
    mark(result, runs[r]);
  }
  EdgeMerger merger(result, EdgeMerger::Labels::first);
  for (const Edge& edge : drawing.edges) {
    const size_t from = where[edge.from];
    const size_t to = where[edge.to];
    Edge merged = edge;
    const bool to_next = member[edge.from].first != 0 && member[edge.from].first == member[edge.to].first &&
                         member[edge.from].second != member[edge.to].second;
    if (to_next && from == to && is_whole_submodule(drawing.boxes[from])) {
      continue; // the label says it
    }
    if (to_next && edge.kind == EdgeKind::data) {
      merged.kind = EdgeKind::repeated;
      merged.label.clear(); // it would name the value of one repetition
    }
    merger.add(merged, from, to);
  }
  return with_boxes(result, keep);
}

} // namespace

Drawing repeats_once(const Drawing& drawing, Sameness sameness) {
  size_t deepest = 0;
  for (const Box& box : drawing.boxes) {
    deepest = std::max(deepest, box.module.size());
  }
  Drawing result = drawing;
  for (size_t depth = 1; depth <= deepest; ++depth) {
    result = once_at(result, depth, sameness);
  }
  return result;
}

} // namespace tsir
