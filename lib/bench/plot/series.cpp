// Draws all times in the order in which they were taken, with warm-up.
#include "lib/base/units.h"
#include "lib/bench/plot/panel.h"
#include "lib/render/plot/gnuplot.h"

#include <cmath>

namespace tsir {
namespace {

constexpr double panel_height = 260;
// Very short calls have thousands of warm-up calls; the first ones show the curve.
constexpr size_t most_warmup_calls = 50;
// In multiples of the slowest slot. A first call that compiles may take thousands; longer calls are drawn at the upper
// edge.
constexpr double shown_slowdown = 4;

// Expressions for the plot command: calls longer than `top` are drawn at `top`, and also as arrows.
constexpr const char* capped = "(top < $2 ? top : $2)";
constexpr const char* beyond = "(top < $2 ? top : NaN)";

struct Span {
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

class Series {
public:
  Series(int64_t start, const TimeUnit& unit) : start_(start), unit_(unit) {}
  void add_arm(const PlotArm& arm, size_t place);
  Panel panel() const;

private:
  std::string line(int64_t at, double nanoseconds);
  double upper_edge() const { return std::min(all_.high, shown_slowdown * times_.high); }

  int64_t start_;
  TimeUnit unit_;
  std::string data_;
  std::string plots_;
  Span times_; // of slots
  Span all_;   // of slots and warm-up calls
};

std::string Series::line(int64_t at, double nanoseconds) {
  all_.add(nanoseconds);
  return fmt::format("{:.6g} {:.6g}\n", static_cast<double>(at - start_) / ns_per_second,
                     nanoseconds / unit_.nanoseconds);
}

void Series::add_arm(const PlotArm& arm, size_t place) {
  std::string slots;
  std::string warmups;
  for (const Round& round : arm.group->measurement.rounds) {
    if (arm.arm < round.warmups.size()) {
      const Warmup& warmup = round.warmups[arm.arm];
      double at = static_cast<double>(warmup.start);
      for (size_t call = 0; call < std::min(warmup.call_ns.size(), most_warmup_calls); ++call) {
        warmups += line(static_cast<int64_t>(at), warmup.call_ns[call]);
        at += warmup.call_ns[call];
      }
    }
    for (const Block& block : round.blocks) {
      for (const Slot& slot : block.slots) {
        if (slot.arm == arm.arm) {
          slots += line(slot.start, slot.median_ns);
          times_.add(slot.median_ns);
        }
      }
    }
  }
  data_ += fmt::format("$slots{0} << EOD\n{1}EOD\n$warmups{0} << EOD\n{2}EOD\n", place, slots,
                       warmups.empty() ? "NaN NaN\n" : warmups);
  const char* separator = plots_.empty() ? "plot " : ", \\\n     ";
  plots_ += fmt::format("{}$warmups{} using 1:{} with points lc rgb '#999999' pt 1 ps 0.5 {}, \\\n", separator, place,
                        capped, place == 0 ? "title 'warm-up calls'" : "notitle");
  plots_ +=
      fmt::format("     $warmups{} using 1:{} with points lc rgb '#999999' pt 9 ps 0.8 notitle, \\\n", place, beyond);
  plots_ += fmt::format("     $slots{} using 1:2 with points {} ps 0.7 title {}", place, point_style(place),
                        label(arm.name, 30));
}

Panel Series::panel() const {
  Panel panel;
  panel.title = "Times in order: medians of timed slots, and warm-up calls";
  if (all_.high > upper_edge()) {
    panel.title += fmt::format("; arrows: longer, up to {}", human_seconds(all_.high / ns_per_second));
  }
  panel.height = panel_height;
  panel.data = data_;
  const double high = upper_edge();
  const bool logarithmic = high > 3 * times_.low;
  const double space = logarithmic ? std::pow(high / all_.low, 0.04) : 1.02;
  panel.drawing = fmt::format("top = {:.6g}\n", high / unit_.nanoseconds);
  panel.drawing += fmt::format("set yrange [{:.6g}:{:.6g}]\n", all_.low / space / unit_.nanoseconds,
                               high * space / unit_.nanoseconds);
  panel.drawing += logarithmic
                       ? "set logscale y\nset ytics (" +
                             log_ticks(all_.low / space / unit_.nanoseconds, high * space / unit_.nanoseconds) + ")\n"
                       : "";
  panel.drawing +=
      fmt::format("set ylabel '{} a call'\nset xlabel 'seconds since the start' offset 0,0.4\n", unit_.name);
  panel.drawing += "set xrange [0:*]\nset grid y lw 0.5 lc rgb '#cccccc'\n";
  panel.drawing += "set key at graph 1.02, graph 1 left top Left reverse samplen 1\n";
  panel.drawing += plots_ + "\n";
  return panel;
}

} // namespace

Panel series_panel(const std::vector<PlotArm>& arms, int64_t start) {
  Series series(start, time_unit(arms.front().summary.median));
  for (size_t i = 0; i < arms.size(); ++i) {
    series.add_arm(arms[i], i);
  }
  return series.panel();
}

} // namespace tsir
