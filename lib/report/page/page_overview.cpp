#include "lib/report/page/html.h"
#include "lib/report/page/parts.h"

#include "lib/base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tsir {
namespace {

std::string facts_html(const ReportData& data) {
  std::string html = "<dl class=\"facts\">\n";
  for (const auto& [name, text] : data.facts) {
    html += element("dt", name) + element("dd", text) + "\n";
  }
  return html + "</dl>\n";
}

std::string commands_html(const ReportData& data) {
  std::string html = "<h3>Commands</h3>\n<dl class=\"commands\">\n";
  for (const auto& [name, line] : data.commands) {
    html += element("dt", name) + "<dd>" + element("code", line) + "</dd>\n";
  }
  return html + "</dl>\n";
}

std::string warnings_html(const ReportData& data) {
  if (data.warnings.empty()) {
    return "";
  }
  std::string html = "<div class=\"warnings\" role=\"note\">\n<h3>Warnings</h3>\n<ul>\n";
  for (const std::string& warning : data.warnings) {
    html += element("li", warning) + "\n";
  }
  return html + "</ul>\n</div>\n";
}

std::string row_html(const ReportData& data, size_t index) {
  const ReportPass& pass = data.passes_run[index];
  const std::string nodes = pass.failure.empty() ? fmt::format("{} → {}", pass.nodes_before, pass.nodes_after) : "";
  std::string html = fmt::format("<tr{}>", is_idle(pass) ? " class=\"idle\"" : "");
  html += element("td", fmt::to_string(index + 1), " class=\"number\"");
  html += fmt::format("<td><a href=\"#pass-{}\">{}</a></td>", index + 1, html_escaped(pass.use));
  html += "<td>" + verdict_html(pass.failure.empty() ? pass.verdict : "failed", "") + "</td>";
  html += element("td", human_seconds(pass.seconds), " class=\"number\"");
  html += element("td", nodes, " class=\"number\"");
  html += element("td", !pass.failure.empty() ? pass.failure : pass.changed ? operators_text(pass, 4) : "unchanged");
  if (!data.bench.columns.empty()) {
    const ReportSpeed& speed = data.each ? pass.speed_from_start : pass.speed;
    html += "<td>" + verdict_html(speed.verdict, speed.text) + "</td>";
  }
  return html + "</tr>\n";
}

std::string passes_table(const ReportData& data) {
  std::string html = "<h3>Passes</h3>\n<div class=\"wide\"><table class=\"passes\">\n<thead><tr><th "
                     "class=\"number\">#</th><th>pass</th><th>results</th><th class=\"number\">took</th>"
                     "<th class=\"number\">nodes</th><th>operators</th>";
  html += data.bench.columns.empty() ? "" : "<th>run time</th>";
  html += "</tr></thead>\n<tbody>\n";
  for (size_t i = 0; i < data.passes_run.size(); ++i) {
    html += row_html(data, i);
  }
  return html + "</tbody>\n</table></div>\n";
}

// --- the bench ---

std::string table_html(const ReportTable& table) {
  constexpr size_t longest_short = 12; // cells that are not broken into lines
  std::string html = "<div class=\"wide\"><table>\n<thead><tr>";
  for (const std::string& column : table.columns) {
    html += element("th", column);
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (const std::string& cell : row) {
      html += element("td", with_whole_interval(cell), cell.size() <= longest_short ? " class=\"short\"" : "");
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

struct PlotLine {
  std::string name;
  const ReportSpeed* speed;
};

// Each pass's time against the start, with its interval, on a logarithmic axis.
class IntervalPlot {
public:
  explicit IntervalPlot(std::vector<PlotLine> lines) : lines_(std::move(lines)) {
    for (const PlotLine& line : lines_) {
      for (const double value : {line.speed->low, line.speed->high}) {
        least_ = std::isfinite(value) && value > 0 ? std::min(least_, value / 1.02) : least_;
        most_ = std::isfinite(value) ? std::max(most_, value * 1.02) : most_;
      }
    }
  }

  std::string html() const {
    const double height = 20.0 * static_cast<double>(lines_.size()) + 30;
    std::string html = fmt::format("<figure><svg class=\"plot\" viewBox=\"0 0 720 {:.0f}\" role=\"img\" "
                                   "aria-label=\"Run time of each state, divided by that of the start\">\n",
                                   height);
    html += tick(1, height, "1 (start)");
    for (const double value : {0.1, 0.2, 0.5, 0.8, 0.9, 1.1, 1.25, 2.0, 5.0, 10.0}) {
      html += value > least_ && value < most_ && std::abs(x_of(value) - x_of(1)) > 40
                  ? tick(value, height, fmt::format("{:g}", value))
                  : "";
    }
    for (size_t i = 0; i < lines_.size(); ++i) {
      html += line(lines_[i], 20.0 * static_cast<double>(i) + 12);
    }
    return html + "</svg>\n<figcaption>Run time of each state divided by that of the start, with its interval: left of "
                  "the line is faster.</figcaption></figure>\n";
  }

private:
  static constexpr double left = 230;
  static constexpr double right = 700;

  double x_of(double ratio) const {
    const double whole = std::log(most_ / least_);
    const double share = std::log(std::clamp(ratio, least_, most_) / least_) / whole;
    return left + share * (right - left);
  }

  std::string tick(double value, double height, const std::string& text) const {
    return fmt::format("<path class=\"{3}\" d=\"M{0:.1f},0V{1:.1f}\"/><text class=\"tick\" x=\"{0:.1f}\" y=\"{2:.1f}\">"
                       "{4}</text>\n",
                       x_of(value), height - 18, height - 6, value == 1 ? "axis" : "grid", text);
  }

  std::string line(const PlotLine& line, double y) const {
    const ReportSpeed& speed = *line.speed;
    return fmt::format("<text class=\"name\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text><g class=\"v {}\"><path "
                       "d=\"M{:.1f},{:.1f}H{:.1f}\"/><circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/></g>\n",
                       left - 12, y + 4, html_escaped(line.name), html_escaped(speed.verdict), x_of(speed.low), y,
                       x_of(speed.high), x_of(speed.ratio), y);
  }

  std::vector<PlotLine> lines_;
  double least_ = 0.95;
  double most_ = 1.05;
};

std::string plot_html(const ReportData& data) {
  constexpr size_t most_name = 32;
  std::vector<PlotLine> lines;
  for (const ReportPass& pass : data.passes_run) {
    if (pass.speed_from_start.low < pass.speed_from_start.high) {
      const std::string name = (data.each ? "" : "+ ") + pass.name;
      lines.push_back({name.size() > most_name ? name.substr(0, most_name - 1) + "…" : name, &pass.speed_from_start});
    }
  }
  return lines.empty() ? "" : IntervalPlot(std::move(lines)).html();
}

std::string bench_html(const ReportData& data) {
  if (data.bench.columns.empty()) {
    return "";
  }
  // gnuplot's plots begin with the intervals.
  const std::string plots =
      data.plots.empty() ? plot_html(data) : "<figure class=\"plots\">" + data.plots + "</figure>\n";
  return "<h3>Run time</h3>\n" + table_html(data.bench) + plots +
         "<details><summary>The whole report of the bench</summary>" + element("pre", data.bench_text) + "</details>\n";
}

} // namespace

std::string overview_html(const ReportData& data) {
  return "<section class=\"page\" id=\"overview\" tabindex=\"-1\">\n<h2>Overview</h2>\n" + warnings_html(data) +
         passes_table(data) + bench_html(data) + "<h3>What was asked</h3>\n" + facts_html(data) + commands_html(data) +
         "</section>\n";
}

} // namespace tsir
