#include "lib/checks/check_lines.h"

#include "lib/checks/captures.h"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace tsir {
namespace {

// Marks a path while the surrounding text is converted to a pattern.
constexpr char path_mark = '\x01';

// The position after `graph(` in the first line of a graph or of a subgraph of a node; 0 for other lines.
size_t end_of_label(std::string_view line) {
  constexpr std::string_view graph = "graph(";
  if (line.starts_with(graph)) {
    return graph.size();
  }
  const size_t at = line.starts_with("with ") ? line.find(" = graph(") : std::string_view::npos;
  return at == std::string_view::npos ? 0 : at + 3 + graph.size();
}

class LineWriter {
public:
  explicit LineWriter(const CheckLineSettings& settings) : settings_(settings), paths_(settings.paths) {
    std::sort(paths_.begin(), paths_.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  }

  void line(const std::string& text) {
    if (is_separator(text)) {
      groups_.emplace_back();
      follows_ = false;
      return;
    }
    const size_t label = end_of_label(text);
    in_graph_ = in_graph_ || label > 0;
    write(text, label);
    in_graph_ = in_graph_ && !text.starts_with("  return (");
  }

  std::vector<std::vector<std::string>> take() {
    for (auto& lines : groups_) {
      while (!lines.empty() && lines.back() == "-EMPTY:") { // blank lines between graphs, or at the end
        lines.pop_back();
      }
    }
    return std::move(groups_);
  }

private:
  void write(const std::string& text, size_t label) {
    if (label == 0 && settings_.filter && !std::regex_search(text, *settings_.filter)) {
      follows_ = false;
      return;
    }
    if (label > 0) {
      new_graph(text, label);
    } else if (text.find_first_not_of(" \t") == std::string::npos) {
      empty_line();
    } else {
      add(follows_ ? "-NEXT:" : ":", text);
      follows_ = true;
    }
  }

  void new_graph(const std::string& text, size_t label) {
    captures_.forget();
    const std::string rest = text.substr(label);
    const bool has_values = rest.find('%') != std::string::npos;
    groups_.back().push_back("-LABEL: " + escaped_literal(has_values ? text.substr(0, label) : text));
    if (has_values) {
      add("-SAME:", rest);
    }
    follows_ = true;
  }

  void empty_line() {
    if (follows_) {
      groups_.back().emplace_back("-EMPTY:");
    }
  }

  void add(const std::string& suffix, std::string text) {
    for (const std::string& path : paths_) {
      for (size_t at = text.find(path); at != std::string::npos; at = text.find(path, at + 1)) {
        text.replace(at, path.size(), 1, path_mark);
      }
    }
    std::string pattern = captures_.pattern(text, in_graph_);
    // A node without outputs must not match the end of a node that has some.
    const size_t begin = pattern.find_first_not_of(' ');
    if (pattern.compare(begin, 2, "= ") == 0) {
      pattern.replace(0, begin, "{{^ *}}");
    }
    for (size_t at = pattern.find(path_mark); at != std::string::npos; at = pattern.find(path_mark, at)) {
      pattern.replace(at, 1, "{{.*}}");
    }
    pattern.erase(pattern.find_last_not_of(" \t") + 1);
    groups_.back().push_back(suffix + " " + pattern);
  }

  const CheckLineSettings& settings_;
  std::vector<std::string> paths_;
  Captures captures_;
  std::vector<std::vector<std::string>> groups_{1};
  bool in_graph_ = false;
  bool follows_ = false; // the previous line has a CHECK line
};

} // namespace

bool is_separator(std::string_view line) {
  return line.starts_with("# -----");
}

std::vector<std::vector<std::string>> check_lines(const std::string& output, const CheckLineSettings& settings) {
  LineWriter writer(settings);
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    writer.line(line);
  }
  return writer.take();
}

} // namespace tsir
