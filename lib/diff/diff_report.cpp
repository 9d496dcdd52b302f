#include "lib/diff/diff_report.h"

#include "lib/base/printable.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t most_attributes = 8; // limit for text; the JSON has all

std::string in_color(const std::string& line, const char* sequence, bool color) {
  return color ? fmt::format("\x1b[{}m{}\x1b[0m\n", sequence, line) : line + "\n";
}

std::string node_text(const NodeDifference& node, const std::string& indent, bool color) {
  switch (node.change) {
  case NodeChange::removed:
    return in_color(indent + "- " + printable(node.before), "31", color);
  case NodeChange::added:
    return in_color(indent + "+ " + printable(node.after), "32", color);
  case NodeChange::changed:
    break;
  }
  std::string text = in_color(indent + "~ " + printable(node.after), "33", color);
  for (const std::string& detail : node.details) {
    text += indent + "    " + printable(detail) + "\n";
  }
  return text;
}

size_t count(const GraphDifference& graph, NodeChange change) {
  return static_cast<size_t>(std::ranges::count(graph.nodes, change, &NodeDifference::change));
}

std::string counts_text(const DiffReport& report) {
  const GraphDifference& graph = report.graph;
  if (report.empty()) {
    return fmt::format("no difference: {}\n", plural(graph.same, "node"));
  }
  std::string text;
  for (const NodeChange change : {NodeChange::removed, NodeChange::added, NodeChange::changed}) {
    if (const size_t nodes = count(graph, change); nodes > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", plural(nodes, "node"), to_string(change));
    }
  }
  text = text.empty() ? "no node differs" : text;
  if (!report.attributes.empty()) {
    text += fmt::format(", {} of the modules differ{}", plural(report.attributes.size(), "attribute"),
                        report.attributes.size() == 1 ? "s" : "");
  }
  return fmt::format("{}; {} the same\n", text, plural(graph.same, "node"));
}

std::string attributes_text(const std::vector<std::string>& attributes) {
  std::string text;
  for (size_t i = 0; i < std::min(attributes.size(), most_attributes); ++i) {
    text += "~ " + printable(attributes[i]) + "\n";
  }
  return attributes.size() > most_attributes
             ? text + fmt::format("  and {} attributes more ({} has all)\n", attributes.size() - most_attributes,
                                  spelled(Setting::json))
             : text;
}

} // namespace

std::string diff_text(const DiffReport& report, bool color) {
  if (report.empty()) {
    return counts_text(report);
  }
  std::string text = in_color("--- " + printable(report.before), "1", color);
  text += in_color("+++ " + printable(report.after), "1", color);
  for (const std::string& line : report.graph.interface) {
    text += "~ " + printable(line) + "\n";
  }
  std::string where;
  for (const NodeDifference& node : report.graph.nodes) {
    if (node.where != where) {
      where = node.where;
      text += where.empty() ? "" : in_color("  in " + printable(where) + ":", "36", color);
    }
    text += node_text(node, where.empty() ? "" : "  ", color);
  }
  return text + attributes_text(report.attributes) + counts_text(report);
}

Json diff_json(const DiffReport& report) {
  Json nodes = Json::array();
  for (const NodeDifference& node : report.graph.nodes) {
    Json entry{{"change", to_string(node.change)}, {"where", node.where}};
    if (node.change != NodeChange::added) {
      entry["before"] = node.before;
    }
    if (node.change != NodeChange::removed) {
      entry["after"] = node.after;
    }
    if (node.change == NodeChange::changed) {
      entry["details"] = node.details;
    }
    nodes.push_back(std::move(entry));
  }
  return {{"schema", "tsir.diff/1"},   {"before", report.before},         {"after", report.after},
          {"differ", !report.empty()}, {"same_nodes", report.graph.same}, {"interface", report.graph.interface},
          {"nodes", std::move(nodes)}, {"attributes", report.attributes}};
}

} // namespace tsir
