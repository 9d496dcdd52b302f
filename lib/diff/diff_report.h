// A difference for people, and for programs.
#pragma once

#include "lib/diff/graph_diff.h"

#include <nlohmann/json.hpp>

namespace tsir {

struct DiffReport {
  std::string before; // "m.pt forward after freeze-module"
  std::string after;
  GraphDifference graph;
  std::vector<std::string> attributes; // of the modules, a line each
  bool empty() const { return graph.empty() && attributes.empty(); }
};

// Removed nodes with '-', added ones with '+', changed ones with '~' and what changed under them; coloured with ANSI
// sequences where asked. Ends with a line that counts.
std::string diff_text(const DiffReport& report, bool color);
// Schema tsir.diff/1.
nlohmann::ordered_json diff_json(const DiffReport& report);

} // namespace tsir
