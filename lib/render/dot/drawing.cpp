#include "lib/render/dot/drawing.h"

#include <cctype>

namespace tsir {
namespace {

// New indices of the kept items; -1 for the others.
std::vector<int> renumbered(const std::vector<bool>& keep) {
  std::vector<int> numbers(keep.size(), -1);
  int next = 0;
  for (size_t i = 0; i < keep.size(); ++i) {
    if (keep[i]) {
      numbers[i] = next++;
    }
  }
  return numbers;
}

// The frames that contain a kept box, directly or indirectly.
std::vector<bool> clusters_in_use(const Drawing& drawing, const std::vector<bool>& keep) {
  std::vector<bool> used(drawing.clusters.size());
  for (size_t i = 0; i < drawing.boxes.size(); ++i) {
    int cluster = keep[i] ? drawing.boxes[i].cluster : -1;
    for (; cluster >= 0; cluster = drawing.clusters[static_cast<size_t>(cluster)].parent) {
      used[static_cast<size_t>(cluster)] = true;
    }
  }
  return used;
}

bool continues_name(std::string_view text, size_t at) {
  const auto is_digit = [&](size_t i) { return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])); };
  return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_' ||
                              (text[at] == '.' && is_digit(at + 1)));
}

} // namespace

std::string without_values(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == '%') {
      while (continues_name(text, i + 1)) {
        ++i;
      }
    }
  }
  return result;
}

std::string path_text(const std::vector<ModuleStep>& module) {
  std::string text;
  for (const ModuleStep& step : module) {
    text += text.empty() ? step.name : "." + step.name;
  }
  return text;
}

Drawing with_boxes(const Drawing& drawing, const std::vector<bool>& keep) {
  const auto used = clusters_in_use(drawing, keep);
  const auto box_number = renumbered(keep);
  const auto cluster_number = renumbered(used);
  const auto in_new = [&](int cluster) { return cluster < 0 ? -1 : cluster_number[static_cast<size_t>(cluster)]; };

  Drawing result;
  result.title = drawing.title;
  for (size_t i = 0; i < drawing.clusters.size(); ++i) {
    if (used[i]) {
      result.clusters.push_back(drawing.clusters[i]);
      result.clusters.back().parent = in_new(drawing.clusters[i].parent);
    }
  }
  for (size_t i = 0; i < drawing.boxes.size(); ++i) {
    if (keep[i]) {
      result.boxes.push_back(drawing.boxes[i]);
      result.boxes.back().cluster = in_new(drawing.boxes[i].cluster);
    }
  }
  for (const Edge& edge : drawing.edges) {
    if (keep[edge.from] && keep[edge.to]) {
      result.edges.push_back(edge);
      result.edges.back().from = static_cast<size_t>(box_number[edge.from]);
      result.edges.back().to = static_cast<size_t>(box_number[edge.to]);
    }
  }
  return result;
}

} // namespace tsir
