// Draws each comparison as a point with its interval, and the equivalence band.
#include "lib/base/printable.h"
#include "lib/bench/plot/panel.h"
#include "lib/render/plot/gnuplot.h"

#include <cmath>

namespace tsir {
namespace {

constexpr double effect_height = 26;

struct Row {
  std::string name;
  const Decision* decision;
};

std::vector<Row> rows_of(const BenchOutcome& result, size_t most) {
  std::vector<Row> rows;
  for (const Contrast& contrast : result.contrasts) {
    if (!contrast.decision || contrast.decision->ratio.level <= 0 || rows.size() >= most) {
      continue;
    }
    const std::string name = printable(result.variants[contrast.variant].name);
    const std::string reference = printable(result.variants[contrast.reference].name);
    rows.push_back({contrast.reference == 0 ? name : name + " after " + reference, &*contrast.decision});
  }
  for (const Group& group : result.groups) {
    if (group.control && group.control->ratio.level > 0 && !rows.empty()) {
      rows.push_back({"control", &*group.control});
    }
  }
  return rows;
}

// Places ratios of times on the axis: as a difference in per cent, or, if some are large, as the ratio itself on a
// logarithmic axis.
class Scale {
public:
  Scale(const std::vector<Row>& rows, double band) {
    double low = 1 - band;
    double high = 1 + band;
    for (const Row& row : rows) {
      low = std::min(low, end(row.decision->ratio.low, row.decision->ratio.ratio));
      high = std::max(high, end(row.decision->ratio.high, row.decision->ratio.ratio));
    }
    logarithmic_ = low < 0.5 || high > 2;
    const double space = logarithmic_ ? std::pow(high / low, 0.05) : 0.06 * (high - low);
    low_ = logarithmic_ ? low / space : low - space;
    high_ = logarithmic_ ? high * space : high + space;
  }
  double place(double ratio) const { return logarithmic_ ? ratio : 100 * (ratio - 1); }
  // An infinite interval is drawn to the edge.
  double place_within(double ratio) const {
    return place(std::clamp(std::isfinite(ratio) ? ratio : high_, low_, high_));
  }
  std::string settings() const {
    const std::string range = fmt::format("set xrange [{:.6g}:{:.6g}]\n", place(low_), place(high_));
    return range + (logarithmic_ ? "set logscale x\nset xtics (" + log_ticks(low_, high_, "x") +
                                       ")\nset xlabel 'time over that of its reference (less is faster)' offset 0,0.4\n"
                                 : "set format x '%+g %%'\nset xlabel 'time against its reference (less is faster)' "
                                   "offset 0,0.4\n");
  }

private:
  // Limits the axis to a factor of 4 beyond the estimate, so that a very wide interval does not compress the rest.
  static double end(double bound, double ratio) {
    return std::isfinite(bound) ? std::clamp(bound, ratio / 4, ratio * 4) : ratio;
  }
  bool logarithmic_ = false;
  double low_ = 1;
  double high_ = 1;
};

} // namespace

std::optional<Panel> effects_panel(const BenchOutcome& result, size_t most_rows) {
  const std::vector<Row> rows = rows_of(result, most_rows);
  if (rows.empty()) {
    return std::nullopt;
  }
  const double band = result.context.settings.rule.band;
  const Scale scale(rows, band);
  Panel panel;
  panel.title = fmt::format("Effects, with simultaneous intervals at {:.0f} %; grey: the equivalence band of {:g} %",
                            100 * (1 - result.context.settings.rule.alpha), 100 * band);
  panel.height = effect_height * static_cast<double>(rows.size());
  panel.data = "$effects << EOD\n";
  std::string names;
  std::string verdicts;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Ratio& ratio = rows[i].decision->ratio;
    panel.data += fmt::format("{:.6g} {:.6g} {:.6g} {} {}\n", scale.place(ratio.ratio), scale.place_within(ratio.low),
                              scale.place_within(ratio.high), i, changed(rows[i].decision->outcome) ? 7 : 6);
    names += fmt::format("{}{} {}", i == 0 ? "" : ", ", label(rows[i].name, longest_name), i);
    verdicts +=
        fmt::format("set label {} at graph 1.02, first {} left\n", gnuplot_string(describe(*rows[i].decision)), i);
  }
  panel.data += "EOD\n";
  panel.drawing = scale.settings() + "set ytics (" + names + ") scale 0\n" + verdicts;
  panel.drawing += fmt::format("set yrange [{}.5:-0.5]\n", rows.size() - 1);
  panel.drawing += fmt::format("set object 1 rectangle from {:.6g}, graph 0 to {:.6g}, graph 1 fc rgb '#dddddd' fs "
                               "solid noborder behind\n",
                               scale.place(1 - band), scale.place(1 + band));
  panel.drawing += fmt::format("set arrow 1 from {0:.6g}, graph 0 to {0:.6g}, graph 1 nohead lw 0.8 lc rgb '#888888'\n",
                               scale.place(1));
  panel.drawing += "plot $effects using 1:4:2:3 with xerrorbars lc rgb 'black' lw 1.4 pt 0, \\\n"
                   "     $effects using 1:4:5 with points lc rgb 'black' pt variable ps 1\n";
  return panel;
}

} // namespace tsir
