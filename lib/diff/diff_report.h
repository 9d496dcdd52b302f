// Prints a difference as text and as JSON.
#pragma once

#include "lib/diff/graph_diff.h"

#include <nlohmann/json.hpp>

namespace tsir {

struct DiffReport {
  std::string before; // "m.pt forward after freeze-module"
  std::string after;
  GraphDifference graph;
  std::vector<std::string> attributes; // differing attributes of the modules, one line each
  bool empty() const { return graph.empty() && attributes.empty(); }
};

// Removed nodes are marked '-', added ones '+', and changed ones '~', with the changes below them; coloured with ANSI
// sequences if `color` is set. The last line is a count.
std::string diff_text(const DiffReport& report, bool color);
// Schema tsir.diff/1.
nlohmann::ordered_json diff_json(const DiffReport& report);

} // namespace tsir
