// Makes CHECK lines from a program's output.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tsir {

struct CheckLineSettings {
  std::optional<std::regex> filter; // use only the lines that match, and the labels
  // Paths that differ between machines. They become {{.*}}.
  std::vector<std::string> paths;
};

// One item for every graph; graphs are separated by `# -----` in `output`. The lines do not include the `# ` and the
// prefix: "-NEXT: %[[…". Empty if `output` is empty.
std::vector<std::vector<std::string>> check_lines(const std::string& output, const CheckLineSettings& settings);

bool is_separator(std::string_view line);

} // namespace tsir
