// CHECK lines for what a program printed.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tsir {

struct CheckLineSettings {
  std::optional<std::regex> filter; // only lines in which this is found, and the labels
  // Paths that differ from machine to machine: they become {{.*}}.
  std::vector<std::string> paths;
};

// One item for every graph that `# -----` sets apart in `output`. Each line is without its `# ` and prefix: "-NEXT:
// %[[…". Empty where `output` is.
std::vector<std::vector<std::string>> check_lines(const std::string& output, const CheckLineSettings& settings);

bool is_separator(std::string_view line);

} // namespace tsir
