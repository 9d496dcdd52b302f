#include "lib/report/page/elements.h"
#include "lib/report/page/html.h"
#include "lib/report/page/interval_plot.h"
#include "lib/report/page/parts.h"

#include "lib/base/units.h"

#include <fmt/format.h>

namespace tsir {
namespace {

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

std::string plot_html(const ReportData& data) {
  std::vector<IntervalLine> lines;
  for (const ReportPass& pass : data.passes_run) {
    if (pass.speed_from_start.low < pass.speed_from_start.high) {
      const ReportSpeed& speed = pass.speed_from_start;
      lines.push_back({(data.each ? "" : "+ ") + pass.name, speed.verdict, speed.ratio, speed.low, speed.high});
    }
  }
  return interval_plot_html(lines, "start",
                            "Run time of each state divided by that of the start, with its interval: left of "
                            "the line is faster.");
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
         passes_table(data) + bench_html(data) + "<h3>What was asked</h3>\n" + facts_html(data.facts) +
         "<h3>Commands</h3>\n" + commands_html(data.commands) + "</section>\n";
}

} // namespace tsir
