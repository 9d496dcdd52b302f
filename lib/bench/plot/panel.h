// The parts of the plot's panels.
#pragma once

#include "lib/bench/report/report.h"

namespace tsir {

struct Panel {
  std::string title;
  double height = 0;   // in pixels, without title and axis
  std::string data;    // gnuplot's named blocks of data
  std::string drawing; // settings of the axes, labels and the plot command; margins are set before it
};

// An arm that is drawn, the same in all panels.
struct PlotArm {
  std::string name;
  const Group* group;
  size_t arm;
  Summary summary;
};

// The unit in which nanoseconds are shown on an axis.
struct TimeUnit {
  double nanoseconds = 1;
  std::string name; // "ms"
};
TimeUnit time_unit(double typical_ns);

// "lw 2 lc rgb '…' pt 5", by the place in the list of arms.
std::string point_style(size_t place);

constexpr size_t longest_name = 32; // of a variant, on an axis

// At most `width` characters of the text, as a gnuplot string.
std::string label(const std::string& text, size_t width);

// Ticks of a logarithmic axis: "'0.5x' 0.5, '1x' 1". gnuplot's own are powers of ten.
std::string log_ticks(double low, double high, const std::string& suffix = "");

// Empty if no comparison has an interval.
std::optional<Panel> effects_panel(const BenchOutcome& result, size_t most_rows);
// One for each of the variants with the largest effects; none where no operators were profiled.
std::vector<Panel> operator_panels(const BenchOutcome& result);
Panel distributions_panel(const std::vector<PlotArm>& arms);
Panel series_panel(const std::vector<PlotArm>& arms, int64_t start);

} // namespace tsir
