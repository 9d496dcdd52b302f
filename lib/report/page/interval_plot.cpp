#include "lib/report/page/interval_plot.h"

#include "lib/report/page/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tsir {
namespace {

constexpr double plot_left = 230;
constexpr double plot_right = 700;
constexpr double line_height = 20;
constexpr size_t longest_name = 32; // bytes

// The beginning of the name; not half a character.
std::string short_name(const std::string& name) {
  if (name.size() <= longest_name) {
    return name;
  }
  size_t end = longest_name - 1;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) {
    --end;
  }
  return name.substr(0, end) + "…";
}

class IntervalPlot {
public:
  explicit IntervalPlot(const std::vector<IntervalLine>& lines) : lines_(lines) {
    for (const IntervalLine& line : lines_) {
      for (const double value : {line.low, line.high}) {
        least_ = std::isfinite(value) && value > 0 ? std::min(least_, value / 1.02) : least_;
        most_ = std::isfinite(value) ? std::max(most_, value * 1.02) : most_;
      }
    }
  }

  std::string html(const std::string& one, const std::string& caption) const {
    const double height = line_height * static_cast<double>(lines_.size()) + 30;
    std::string html = fmt::format("<figure><svg class=\"plot\" viewBox=\"0 0 720 {:.0f}\" role=\"img\" "
                                   "aria-label=\"{}\">\n",
                                   height, html_escaped(caption));
    html += tick(1, height, fmt::format("1 ({})", one));
    for (const double value : {0.1, 0.2, 0.5, 0.8, 0.9, 1.1, 1.25, 2.0, 5.0, 10.0}) {
      html += value > least_ && value < most_ && std::abs(x_of(value) - x_of(1)) > 40
                  ? tick(value, height, fmt::format("{:g}", value))
                  : "";
    }
    for (size_t i = 0; i < lines_.size(); ++i) {
      html += line(lines_[i], line_height * static_cast<double>(i) + 12);
    }
    return html + "</svg>\n<figcaption>" + html_escaped(caption) + "</figcaption></figure>\n";
  }

private:
  double x_of(double ratio) const {
    const double whole = std::log(most_ / least_);
    const double share = std::log(std::clamp(ratio, least_, most_) / least_) / whole;
    return plot_left + share * (plot_right - plot_left);
  }

  std::string tick(double value, double height, const std::string& text) const {
    return fmt::format("<path class=\"{3}\" d=\"M{0:.1f},0V{1:.1f}\"/><text class=\"tick\" x=\"{0:.1f}\" y=\"{2:.1f}\">"
                       "{4}</text>\n",
                       x_of(value), height - 18, height - 6, value == 1 ? "axis" : "grid", html_escaped(text));
  }

  std::string line(const IntervalLine& line, double y) const {
    return fmt::format("<text class=\"name\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text><g class=\"v {}\"><path "
                       "d=\"M{:.1f},{:.1f}H{:.1f}\"/><circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/></g>\n",
                       plot_left - 12, y + 4, html_escaped(short_name(line.name)), html_escaped(line.verdict),
                       x_of(line.low), y, x_of(line.high), x_of(line.ratio), y);
  }

  const std::vector<IntervalLine>& lines_;
  double least_ = 0.95;
  double most_ = 1.05;
};

} // namespace

std::string interval_plot_html(const std::vector<IntervalLine>& lines, const std::string& one,
                               const std::string& caption) {
  return lines.empty() ? "" : IntervalPlot(lines).html(one, caption);
}

} // namespace tsir
