// Ratios of run times with their intervals, drawn below each other.
#pragma once

#include <string>
#include <vector>

namespace tsir {

struct IntervalLine {
  std::string name;
  std::string verdict; // "FASTER": its colour
  double ratio = 1;    // of run times: below 1 is faster
  double low = 1;
  double high = 1;
};

// A figure on a logarithmic axis, with a line at 1, which stands for `one`. "" without lines.
std::string interval_plot_html(const std::vector<IntervalLine>& lines, const std::string& one,
                               const std::string& caption);

} // namespace tsir
