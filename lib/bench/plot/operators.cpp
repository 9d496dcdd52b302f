// Draws operators as bars: how each changes the time of a variant's call, or its time in the baseline.
#include "lib/base/printable.h"
#include "lib/base/units.h"
#include "lib/bench/plot/panel.h"
#include "lib/render/plot/gnuplot.h"

#include <cmath>

namespace tsir {
namespace {

constexpr double bar_height = 22;
constexpr size_t most_accounts = 3; // of the largest effects

struct Bar {
  std::string name;
  double ns = 0;
  double low = 0;
  double high = 0;
};

double value_of(const OperatorShare& row) {
  return row.ns;
}

double value_of(const OperatorDelta& row) {
  return row.delta_ns;
}

// The rows of the report's table: at most `most` operators, the sum of the others, and the unattributed time.
template <class Row> std::vector<Bar> bars_of(const Account<Row>& account, size_t most) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<Bar> bars;
  Bar others{"", 0, none, none};
  for (const Row& row : account.operators) {
    if (bars.size() < most) {
      bars.push_back({printable(row.name), value_of(row), row.low, row.high});
    } else {
      others.ns += value_of(row);
    }
  }
  if (account.operators.size() > most) {
    others.name = fmt::format("({})", plural(account.operators.size() - most, "other"));
    bars.push_back(others);
  }
  bars.push_back({"(unattributed)", account.unattributed_ns, none, none});
  return bars;
}

struct Reach {
  double low = 0;
  double high = 0;
  void add(double value) {
    low = std::isfinite(value) ? std::min(low, value) : low;
    high = std::isfinite(value) ? std::max(high, value) : high;
  }
};

Panel bars_panel(const std::string& title, const std::string& axis, const std::vector<Bar>& bars, bool differences,
                 size_t number) {
  Reach reach;
  for (const Bar& bar : bars) {
    reach.add(bar.ns);
    reach.add(bar.low);
    reach.add(bar.high);
  }
  const TimeUnit unit = time_unit(std::max(-reach.low, reach.high));
  const std::string data = fmt::format("$operators{}", number);
  Panel panel;
  panel.title = title;
  panel.height = bar_height * static_cast<double>(bars.size());
  panel.data = data + " << EOD\n";
  std::string names;
  std::string times;
  for (size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    const bool interval = std::isfinite(bar.low) && std::isfinite(bar.high);
    panel.data += fmt::format("{} {:.6g} {:.6g} {:.6g} {}\n", i, bar.ns / unit.nanoseconds,
                              (interval ? bar.low : bar.ns) / unit.nanoseconds,
                              (interval ? bar.high : bar.ns) / unit.nanoseconds, bar.ns < 0 ? 0xbbbbbb : 0x777777);
    names += fmt::format("{}{} {}", i == 0 ? "" : ", ", label(bar.name, longest_name), i);
    const char* sign = !differences ? "" : bar.ns < 0 ? "-" : "+";
    times += fmt::format("set label {} at graph 1.02, first {} left\n",
                         gnuplot_string(sign + human_seconds(std::abs(bar.ns) * 1e-9)), i);
  }
  panel.data += "EOD\n";
  const double space = 0.05 * std::max(reach.high - reach.low, 1.0);
  panel.drawing = "set ytics (" + names + ") scale 0\n" + times;
  panel.drawing += fmt::format("set yrange [{}.5:-0.5]\nset xrange [{:.6g}:{:.6g}]\n", bars.size() - 1,
                               (reach.low - (reach.low < 0 ? space : 0)) / unit.nanoseconds,
                               (reach.high + space) / unit.nanoseconds);
  panel.drawing += fmt::format("set xlabel {} offset 0,0.4\n", gnuplot_string(fmt::format("{} ({})", axis, unit.name)));
  panel.drawing += "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lw 0.8 lc rgb '#888888'\n";
  panel.drawing += fmt::format("plot {0} using ($2/2.0):1:(abs($2)/2.0):(0.36):5 with boxxyerror fs solid 1.0 border "
                               "lc rgb 'black' lc rgb variable, \\\n"
                               "     {0} using 2:1:3:4 with xerrorbars lc rgb 'black' lw 1.2 pt 0\n",
                               data);
  return panel;
}

// Against the baseline, the largest effects, in the order of the pipeline.
std::vector<const ContrastOperators*> drawn_contrasts(const OperatorOutcome& report) {
  std::vector<const ContrastOperators*> drawn;
  for (const ContrastOperators& entry : report.contrasts) {
    if (entry.reference == 0) {
      drawn.push_back(&entry);
    }
  }
  std::ranges::stable_sort(drawn, std::greater<>(),
                           [](const ContrastOperators* entry) { return std::abs(entry->attribution.measured_ns); });
  drawn.resize(std::min(drawn.size(), most_accounts));
  std::ranges::sort(drawn, {}, [](const ContrastOperators* entry) { return entry->variant; });
  return drawn;
}

} // namespace

std::vector<Panel> operator_panels(const BenchOutcome& result) {
  std::vector<Panel> panels;
  if (!result.operators || result.operators->variants.empty()) {
    return panels;
  }
  const OperatorOutcome& report = *result.operators;
  const auto name_of = [&](size_t variant) { return printable(result.variants[variant].name); };
  for (const ContrastOperators* entry : drawn_contrasts(report)) {
    panels.push_back(bars_panel(fmt::format("{} against {}: change of a call's time by operator",
                                            name_of(entry->variant), name_of(entry->reference)),
                                "change of a call's time; each interval is valid on its own",
                                bars_of(entry->attribution, report.rows), true, panels.size()));
  }
  if (panels.empty()) {
    const VariantOperators& only = report.variants.front();
    panels.push_back(bars_panel(fmt::format("{}: time of a call by operator", name_of(only.variant)),
                                "time of a call; each interval is valid on its own", bars_of(only.profile, report.rows),
                                false, 0));
  }
  return panels;
}

} // namespace tsir
