#include "lib/render/dot/groups.h"

#include "lib/base/units.h"
#include "lib/render/dot/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tsir {
namespace {

constexpr size_t alone = SIZE_MAX;

// "12 × linear", the most frequent ones first.
std::vector<std::string> frequent_titles(const Drawing& drawing, const std::vector<size_t>& boxes) {
  constexpr size_t most_lines = 4;
  std::map<std::string, size_t> counts;
  for (const size_t box : boxes) {
    if (drawing.boxes[box].operators > 0) {
      ++counts[drawing.boxes[box].title];
    }
  }
  std::vector<std::pair<std::string, size_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::greater<>(), &std::pair<std::string, size_t>::second);
  std::vector<std::string> lines;
  for (const auto& [title, count] : sorted) {
    if (lines.size() == most_lines) {
      lines.emplace_back("…");
      break;
    }
    lines.push_back(fmt::format("{} × {}", count, title));
  }
  return lines;
}

Box group_of(const Drawing& drawing, const std::vector<size_t>& boxes, const std::string& title) {
  Box group;
  group.kind = BoxKind::group;
  group.title = title;
  group.lines = frequent_titles(drawing, boxes);
  for (const size_t index : boxes) {
    const Box& box = drawing.boxes[index];
    group.operators += box.operators;
    group.elements += box.elements;
    group.writes = group.writes || box.writes;
    group.nodes.insert(group.nodes.end(), box.nodes.begin(), box.nodes.end());
    group.folded.insert(group.folded.end(), box.values.begin(), box.values.end());
    group.folded.insert(group.folded.end(), box.folded.begin(), box.folded.end());
  }
  group.tooltip = fmt::format("{}\n{} operators", title, group.operators);
  group.change = drawing.boxes[boxes[0]].change;
  const bool alike =
      std::ranges::all_of(boxes, [&](size_t index) { return drawing.boxes[index].change == group.change; });
  group.change = alike ? group.change : Change::changed;
  return group;
}

// One box for all with the same number in `group`, where the first of them is; boxes that are `alone` stay.
Drawing joined(const Drawing& drawing, const std::vector<size_t>& group,
               const std::function<Box(size_t group, const std::vector<size_t>& boxes)>& make) {
  std::map<size_t, std::vector<size_t>> members;
  for (size_t i = 0; i < group.size(); ++i) {
    members[group[i]].push_back(i);
  }
  Drawing result;
  result.title = drawing.title;
  result.clusters = drawing.clusters;
  std::vector<size_t> where;
  std::map<size_t, size_t> places;
  for (size_t i = 0; i < group.size(); ++i) {
    const auto known = group[i] == alone ? places.end() : places.find(group[i]);
    where.push_back(known == places.end() ? result.boxes.size() : known->second);
    if (known == places.end()) {
      result.boxes.push_back(group[i] == alone ? drawing.boxes[i] : make(group[i], members.at(group[i])));
      places.emplace(group[i], result.boxes.size() - 1);
    }
  }
  keep_nodes_of_frames(drawing, where, result);
  EdgeMerger merger(result);
  for (const Edge& edge : drawing.edges) {
    if (where[edge.from] != where[edge.to] || group[edge.from] == alone) {
      merger.add(edge, where[edge.from], where[edge.to]);
    }
  }
  return with_boxes(result, std::vector<bool>(result.boxes.size(), true));
}

// The outermost frame around a box that is not one around repetitions; -1 if there is none.
int outermost_frame(const Drawing& drawing, int cluster) {
  int found = -1;
  for (; cluster >= 0; cluster = drawing.clusters[static_cast<size_t>(cluster)].parent) {
    found = drawing.clusters[static_cast<size_t>(cluster)].kind == ClusterKind::repeated ? found : cluster;
  }
  return found;
}

constexpr size_t all_inputs = SIZE_MAX - 1;
constexpr size_t all_outputs = SIZE_MAX - 2;

// Numbers for consecutive_as_boxes: inputs and outputs stay unless they are too many, the rest is cut into equal parts.
std::vector<size_t> parts_of(const Drawing& drawing, size_t most) {
  const auto count = [&](BoxKind kind) {
    return static_cast<size_t>(std::ranges::count(drawing.boxes, kind, &Box::kind));
  };
  const size_t inputs = count(BoxKind::input);
  const size_t outputs = count(BoxKind::output);
  const size_t ends = (inputs > most / 4 ? 1 : inputs) + (outputs > most / 4 ? 1 : outputs);
  const size_t rest = drawing.boxes.size() - inputs - outputs;
  const size_t parts = std::max<size_t>(1, most > ends ? most - ends : 1);
  std::vector<size_t> group;
  size_t position = 0;
  for (const Box& box : drawing.boxes) {
    if (box.kind == BoxKind::input) {
      group.push_back(inputs > most / 4 ? all_inputs : alone);
    } else if (box.kind == BoxKind::output) {
      group.push_back(outputs > most / 4 ? all_outputs : alone);
    } else {
      group.push_back(position++ * std::min(parts, rest) / rest);
    }
  }
  return group;
}

} // namespace

Drawing frames_as_boxes(const Drawing& drawing) {
  std::vector<size_t> group;
  for (const Box& box : drawing.boxes) {
    const int frame = outermost_frame(drawing, box.cluster);
    group.push_back(frame < 0 ? alone : static_cast<size_t>(frame));
  }
  return joined(drawing, group, [&](size_t frame, const std::vector<size_t>& boxes) {
    Box box = group_of(drawing, boxes, drawing.clusters[frame].title);
    box.cluster = drawing.clusters[frame].parent;
    box.module = drawing.clusters[frame].module;
    return box;
  });
}

Drawing same_changes_as_boxes(const Drawing& drawing) {
  std::vector<size_t> group;
  size_t number = 0;
  for (size_t i = 0; i < drawing.boxes.size(); ++i) {
    const Box& box = drawing.boxes[i];
    number += i > 0 && box.change != drawing.boxes[i - 1].change ? 1 : 0;
    group.push_back(box.kind == BoxKind::input || box.kind == BoxKind::output ? alone : number);
  }
  return joined(drawing, group, [&](size_t, const std::vector<size_t>& boxes) {
    if (boxes.size() == 1) {
      Box box = drawing.boxes[boxes[0]];
      box.cluster = -1;
      return box;
    }
    const size_t operators = group_of(drawing, boxes, "").operators;
    return group_of(drawing, boxes, fmt::format("{} operators", human_count(operators)));
  });
}

Drawing consecutive_as_boxes(const Drawing& drawing, size_t most) {
  size_t done = 0;
  return joined(drawing, parts_of(drawing, most), [&](size_t part, const std::vector<size_t>& boxes) {
    if (part == all_inputs || part == all_outputs) {
      Box box = group_of(drawing, boxes,
                         fmt::format("{} {}", human_count(boxes.size()), part == all_inputs ? "inputs" : "outputs"));
      box.kind = part == all_inputs ? BoxKind::input : BoxKind::output;
      return box;
    }
    Box box = group_of(drawing, boxes, "");
    box.title = box.operators == 0
                    ? "weights and constants"
                    : fmt::format("operators {} to {}", human_count(done + 1), human_count(done + box.operators));
    done += box.operators;
    return box;
  });
}

} // namespace tsir
