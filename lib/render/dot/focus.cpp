#include "lib/render/dot/focus.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace tsir {
namespace {

bool names(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// The edit distance: the number of letters to change, insert or delete.
size_t distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (const char c : a) {
    size_t diagonal = row[0]++;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t change = diagonal + (c != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

[[noreturn]] void throw_unknown(const Drawing& drawing, const std::string& value) {
  std::set<std::string> known;
  for (const Box& box : drawing.boxes) {
    known.insert(box.values.begin(), box.values.end());
    known.insert(box.folded.begin(), box.folded.end());
  }
  std::vector<std::pair<size_t, std::string>> near;
  near.reserve(known.size());
  for (const std::string& name : known) {
    near.emplace_back(name.starts_with(value) ? 0 : distance(name, value), name);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string suggestions;
  for (size_t i = 0; i < std::min<size_t>(near.size(), 5); ++i) {
    suggestions += (i > 0 ? ", " : "") + near[i].second;
  }
  throw Error(ErrorKind::usage, fmt::format("the graph has no value {}{}", value,
                                            suggestions.empty() ? "" : "; similar names: " + suggestions));
}

bool is_attachment(const Box& box) {
  return box.kind == BoxKind::constant || box.kind == BoxKind::parameter;
}

// The boxes for cut edges, by kept box and direction.
class Cuts {
public:
  Cuts(const Drawing& drawing, Drawing& result) : drawing_(drawing), result_(result) {}

  void add(const Edge& edge, size_t kept_in_drawing, size_t kept_in_result, bool incoming) {
    auto [at, first] = cuts_.try_emplace({kept_in_result, incoming}, result_.boxes.size());
    if (first) {
      Box box;
      box.kind = BoxKind::more;
      box.cluster = result_.boxes[kept_in_result].cluster;
      box.tooltip = fmt::format("{} of {}, not drawn; raise {}", incoming ? "inputs" : "users",
                                drawing_.boxes[kept_in_drawing].title, spelled(Setting::depth));
      result_.boxes.push_back(std::move(box));
      Edge open_end;
      open_end.from = incoming ? at->second : kept_in_result;
      open_end.to = incoming ? kept_in_result : at->second;
      open_end.kind = edge.kind;
      result_.edges.push_back(std::move(open_end));
    }
    Box& box = result_.boxes[at->second];
    box.title = fmt::format("… {}", ++counts_[at->second]);
  }

private:
  const Drawing& drawing_;
  Drawing& result_;
  std::map<std::pair<size_t, bool>, size_t> cuts_;
  std::map<size_t, size_t> counts_;
};

} // namespace

Drawing around(const Drawing& drawing, const std::string& value, size_t depth) {
  const std::string name = value.starts_with('%') ? value : "%" + value;
  std::vector<bool> keep(drawing.boxes.size());
  for (size_t i = 0; i < keep.size(); ++i) {
    keep[i] = names(drawing.boxes[i].values, name) || names(drawing.boxes[i].folded, name);
  }
  for (const Edge& edge : drawing.edges) {
    if (names(edge.values, name)) {
      keep[edge.from] = true;
      keep[edge.to] = true;
    }
  }
  if (std::none_of(keep.begin(), keep.end(), [](bool kept) { return kept; })) {
    throw_unknown(drawing, name);
  }
  Drawing marked = drawing;
  for (size_t i = 0; i < keep.size(); ++i) {
    marked.boxes[i].focus = names(drawing.boxes[i].values, name) || names(drawing.boxes[i].folded, name);
  }
  for (size_t step = 0; step < depth; ++step) {
    const auto before = keep;
    for (const Edge& edge : drawing.edges) {
      if (before[edge.from] || before[edge.to]) {
        keep[edge.from] = keep[edge.to] = true;
      }
    }
  }
  for (const Edge& edge : drawing.edges) {
    keep[edge.from] = keep[edge.from] || (keep[edge.to] && is_attachment(drawing.boxes[edge.from]));
  }

  Drawing result = with_boxes(marked, keep);
  std::vector<size_t> number(keep.size());
  std::exclusive_scan(keep.begin(), keep.end(), number.begin(), size_t{0});
  Cuts cuts(drawing, result);
  for (const Edge& edge : drawing.edges) {
    if (keep[edge.from] != keep[edge.to]) {
      const bool incoming = keep[edge.to];
      const size_t kept = incoming ? edge.to : edge.from;
      cuts.add(edge, kept, number[kept], incoming);
    }
  }
  return result;
}

} // namespace tsir
