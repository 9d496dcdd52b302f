#include "lib/bench/plot/plot.h"

#include "lib/base/printable.h"
#include "lib/base/units.h"
#include "lib/bench/plot/panel.h"

#include <cmath>
#include <filesystem>

namespace tsir {
namespace {

constexpr size_t most_rows = 40;
constexpr size_t most_arms = 8; // the number of kinds of points
constexpr double width = 980;
constexpr double left = 230;  // for names
constexpr double right = 260; // for verdicts
constexpr double above = 34;  // the title of a panel
constexpr double below = 52;  // its axis
constexpr double head = 44;   // the picture's own title

// How much a variant's times differ from the baseline's; infinite if the two are not compared, as for the baseline
// itself.
double effect_size(const BenchOutcome& result, size_t variant) {
  const Contrast* contrast = variant == 0 ? nullptr : result.contrast(variant, 0);
  if (contrast == nullptr) {
    return std::numeric_limits<double>::infinity();
  }
  return contrast->decision ? std::abs(std::log(contrast->decision->ratio.ratio)) : 0;
}

// Every variant that has times of its own, and the control.
std::vector<PlotArm> all_arms(const BenchOutcome& result) {
  std::vector<PlotArm> arms;
  std::vector<bool> seen(result.variants.size());
  for (const Group& group : result.groups) {
    for (size_t arm = 0; arm < group.measurement.arms.size(); ++arm) {
      const bool control = arm >= group.variants.size();
      const auto summary = summarize(group.measurement, arm);
      if (!summary || (!control && seen[group.variants[arm]])) {
        continue;
      }
      if (!control) {
        seen[group.variants[arm]] = true;
      }
      const std::string name = control ? "control" : printable(result.variants[group.variants[arm]].name);
      arms.push_back({name, &group, arm, *summary});
    }
  }
  return arms;
}

// At most `most_arms`, the largest effects, in the order of the pipeline.
std::vector<PlotArm> drawn_arms(const BenchOutcome& result, std::vector<PlotArm> arms) {
  if (arms.size() <= most_arms) {
    return arms;
  }
  const auto size_of = [&](const PlotArm& arm) {
    return arm.arm < arm.group->variants.size() ? effect_size(result, arm.group->variants[arm.arm]) : -1;
  };
  std::vector<double> sizes;
  for (const PlotArm& arm : arms) {
    sizes.push_back(size_of(arm));
  }
  std::ranges::sort(sizes, std::greater<>());
  const double least = sizes[most_arms - 1];
  std::erase_if(arms, [&](const PlotArm& arm) { return size_of(arm) < least; });
  arms.resize(std::min(arms.size(), most_arms));
  return arms;
}

std::string heading(const BenchContext& context) {
  const std::string file = std::filesystem::path(context.file).filename().string();
  const std::string method = file == context.method ? "" : " " + context.method;
  return fmt::format("{}{}: {} executor, {}, {}, LibTorch {}", file, method, context.executor, context.device,
                     plural(static_cast<size_t>(context.environment.threads), "thread"), context.environment.libtorch);
}

// Stacks the panels. All have the same margins, for names on the left and verdicts on the right.
std::string stacked(const std::vector<Panel>& panels, double height) {
  std::string script;
  double top = height - head;
  for (const Panel& panel : panels) {
    const double upper = top - above;
    const double lower = upper - panel.height;
    script += "\nreset\nset border 3 lw 0.8\nset tics nomirror out scale 0.6\nunset key\n";
    script += fmt::format("set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\n", left / width,
                          (width - right) / width);
    script +=
        fmt::format("set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n", upper / height, lower / height);
    script += fmt::format("set label 1000 {} at screen {:.4f},{:.4f} left\n", gnuplot_string(panel.title), 14 / width,
                          (upper + 0.6 * above) / height);
    script += panel.drawing;
    top = lower - below;
  }
  return script;
}

} // namespace

std::string bench_plot(const BenchOutcome& result, PlotFormat format) {
  const std::vector<PlotArm> all = all_arms(result);
  const std::vector<PlotArm> arms = drawn_arms(result, all);
  std::vector<Panel> panels;
  if (auto effects = effects_panel(result, most_rows)) {
    panels.push_back(std::move(*effects));
  }
  std::ranges::move(operator_panels(result), std::back_inserter(panels));
  if (!arms.empty()) {
    panels.push_back(distributions_panel(arms));
    panels.push_back(series_panel(arms, arms.front().group->measurement.start));
  }
  double height = head;
  std::string data;
  for (const Panel& panel : panels) {
    height += above + panel.height + below;
    data += panel.data;
  }
  const std::string left_out =
      arms.size() < all.size() ? fmt::format(" ({} of {} variants: the largest effects)", arms.size(), all.size()) : "";
  const std::string title = panels.empty() ? "nothing was timed" : heading(result.context) + left_out;
  std::string script = terminal_line(format, {width, height}) + "set encoding utf8\n" + data;
  script += fmt::format("set multiplot title {} font ',12'\n", gnuplot_string(title));
  script += panels.empty() ? "set border 0\nunset tics\nunset key\nplot [0:1] [0:1] 2\n" : stacked(panels, height);
  script += "unset multiplot\n";
  return format == PlotFormat::script ? script : draw_plot(script);
}

TimeUnit time_unit(double typical_ns) {
  if (typical_ns >= 1e9) {
    return {1e9, "s"};
  }
  return typical_ns >= 1e6 ? TimeUnit{1e6, "ms"} : typical_ns >= 1e3 ? TimeUnit{1e3, "µs"} : TimeUnit{1, "ns"};
}

std::string point_style(size_t place) {
  struct Style {
    const char* color; // of different brightness, so that they can be distinguished without colours
    int point;
  };
  static constexpr std::array<Style, most_arms> styles = {{{"#000000", 6},
                                                           {"#D55E00", 7},
                                                           {"#0072B2", 4},
                                                           {"#009E73", 9},
                                                           {"#CC79A7", 12},
                                                           {"#56B4E9", 5},
                                                           {"#E69F00", 8},
                                                           {"#777777", 2}}};
  const Style& style = styles.at(place % styles.size());
  return fmt::format("lc rgb '{}' pt {}", style.color, style.point);
}

std::string log_ticks(double low, double high, const std::string& suffix) {
  std::string text;
  for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10) {
    for (const double step : {1.0, 1.5, 2.0, 3.0, 5.0, 7.0}) {
      const double at = decade * step;
      const bool crowded = high / low > 30 && step != 1.0 && step != 3.0;
      if (at >= low && at <= high && !crowded) {
        text += fmt::format("{0}'{1:.4g}{2}' {1:.6g}", text.empty() ? "" : ", ", at, suffix);
      }
    }
  }
  return text;
}

std::string label(const std::string& text, size_t width) {
  return gnuplot_string(text.size() <= width ? text : text.substr(0, width - 3) + "...");
}

} // namespace tsir
