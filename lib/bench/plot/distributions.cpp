// Draws each variant's times as a density curve, with its median and p90.
#include "lib/base/units.h"
#include "lib/bench/export/rows.h"
#include "lib/bench/plot/density.h"
#include "lib/bench/plot/panel.h"
#include "lib/render/plot/gnuplot.h"

#include <cmath>

namespace tsir {
namespace {

constexpr double hill_height = 44;
constexpr size_t points = 240;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
};

// Leaves out the few longest calls, which would compress the rest; the series shows them.
Range range_of(const std::vector<std::vector<double>>& samples) {
  Range range;
  for (std::vector<double> times : samples) {
    std::ranges::sort(times);
    range.low = std::min(range.low, times.front());
    range.high = std::max(range.high, times[(times.size() - 1) * 99 / 100]);
  }
  const double space = std::pow(range.high / range.low, 0.03) * 1.002;
  return {range.low / space, range.high * space};
}

// The height of the density curve at the value that is marked.
double height_at(const std::vector<double>& places, const std::vector<double>& density, double value) {
  const auto found = std::ranges::lower_bound(places, value);
  return found == places.end() ? 0 : density[static_cast<size_t>(found - places.begin())];
}

} // namespace

Panel distributions_panel(const std::vector<PlotArm>& arms) {
  std::vector<std::vector<double>> samples;
  for (const PlotArm& arm : arms) {
    samples.push_back(counted_samples(arm.group->measurement, arm.arm));
  }
  const Range range = range_of(samples);
  const TimeUnit unit = time_unit(arms.front().summary.median);
  const std::vector<double> places = log_spaced(range.low, range.high, points);
  const size_t count = arms.size();

  Panel panel;
  panel.title = "Times of a call; line: median, dashes: p90";
  panel.height = hill_height * static_cast<double>(count);
  std::string hills;
  std::string names;
  std::string marks;
  std::string labels;
  for (size_t i = 0; i < count; ++i) {
    const size_t foot = count - 1 - i; // the first on top
    const std::vector<double> density = log_density(samples[i], places);
    panel.data += fmt::format("$hill{} << EOD\n", i);
    for (size_t point = 0; point < points; ++point) {
      panel.data += fmt::format("{:.6g} {} {:.4f}\n", places[point] / unit.nanoseconds, foot,
                                static_cast<double>(foot) + 0.85 * density[point]);
    }
    panel.data += "EOD\n";
    const Summary& summary = arms[i].summary;
    hills += fmt::format("{}$hill{} using 1:2:3 with filledcurves fc rgb '#cccccc' fs solid border lc rgb 'black'",
                         i == 0 ? "plot " : ", \\\n     ", i);
    const auto mark = [&](double value, const char* dashes) {
      const double top = static_cast<double>(foot) + 0.85 * std::max(0.25, height_at(places, density, value));
      return fmt::format("set arrow from {0:.6g},{1} to {0:.6g},{2:.4f} nohead front lc rgb 'black' {3}\n",
                         value / unit.nanoseconds, foot, top, dashes);
    };
    marks += mark(summary.median, "lw 1.6") + mark(std::min(summary.p90, range.high), "lw 1.2 dt 2");
    names += fmt::format("{}{} {}.3", i == 0 ? "" : ", ", label(arms[i].name, longest_name), foot);
    labels += fmt::format("set label {} at graph 1.02, first {}.3 left\n",
                          gnuplot_string(fmt::format("median {}, p90 {}", human_seconds(summary.median * 1e-9),
                                                     human_seconds(summary.p90 * 1e-9))),
                          foot);
  }
  panel.drawing = fmt::format("set xrange [{:.6g}:{:.6g}]\nset xlabel '{}' offset 0,0.4\n",
                              range.low / unit.nanoseconds, range.high / unit.nanoseconds, unit.name);
  panel.drawing += range.high > 4 * range.low
                       ? "set logscale x\nset xtics (" +
                             log_ticks(range.low / unit.nanoseconds, range.high / unit.nanoseconds) + ")\n"
                       : "";
  panel.drawing +=
      fmt::format("set yrange [0:{}]\nset ytics ({}) scale 0\n", count, names) + marks + labels + hills + "\n";
  return panel;
}

} // namespace tsir
