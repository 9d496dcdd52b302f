#include "lib/report/page/elements.h"
#include "lib/report/page/html.h"
#include "lib/report/page/parts.h"

#include "lib/base/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tsir {
namespace {

std::string chip(const std::string& text) {
  return element("span", text, " class=\"chip\"");
}

const ReportSpeed& shown_speed(const ReportData& data, const ReportPass& pass) {
  return data.each ? pass.speed_from_start : pass.speed;
}

std::string chips_html(const ReportData& data, const ReportPass& pass) {
  std::string html = "<p class=\"chips\">";
  html += verdict_html(pass.failure.empty() ? pass.verdict : "failed", "");
  html += verdict_html(shown_speed(data, pass).verdict, shown_speed(data, pass).text);
  html += chip("took " + human_seconds(pass.seconds));
  if (pass.failure.empty()) {
    html += chip(pass.changed ? fmt::format("{} → {} nodes", pass.nodes_before, pass.nodes_after) : "changed nothing");
  }
  return html + "</p>\n";
}

std::string operators_html(const ReportPass& pass) {
  if (pass.operators.empty()) {
    return pass.changed ? "<p>The operators are the same.</p>\n" : "";
  }
  std::string html = "<h3>Operators added and removed</h3>\n<ul class=\"operators\">\n";
  for (const auto& [name, count] : pass.operators) {
    html +=
        fmt::format("<li class=\"{}\"><b>{:+}</b> {}</li>\n", count > 0 ? "came" : "went", count, html_escaped(name));
  }
  return html + "</ul>\n";
}

std::string profile_html(const ReportPass& pass) {
  if (pass.profile.empty()) {
    return "";
  }
  std::string html = "<h3>Time by operator, after the pass</h3>\n<table>\n";
  for (const auto& [name, time] : pass.profile) {
    html += "<tr>" + element("td", name) + element("td", time, " class=\"number\"") + "</tr>\n";
  }
  return html + "</table>\n";
}

// The lines of a difference, coloured by their first character after spaces.
std::string diff_lines(const std::string& diff, const std::string& id) {
  std::string html = fmt::format("<pre class=\"diff\" id=\"{}\">", id);
  for (size_t at = 0; at < diff.size();) {
    const size_t end = std::min(diff.find('\n', at), diff.size());
    const std::string line = html_escaped(std::string_view(diff).substr(at, end - at));
    const size_t first = std::min(line.find_first_not_of(' '), line.size());
    const char* kind = line[first] == '+' ? "ins" : line[first] == '-' ? "del" : nullptr;
    html += kind == nullptr ? line : fmt::format("<{0}>{1}</{0}>", kind, line);
    html += "\n";
    at = end + 1;
  }
  return html + "</pre>\n";
}

std::string diff_html(const ReportPass& pass, size_t number) {
  std::string html;
  if (!pass.nodes.empty()) {
    html += "<details open><summary>By structure: moved and renumbered values do not count</summary>" +
            diff_lines(pass.nodes, fmt::format("nodes-{}", number)) + "</details>\n";
  }
  if (!pass.diff.empty()) {
    html += "<details open><summary>As text</summary>" + diff_lines(pass.diff, fmt::format("diff-{}", number)) +
            "</details>\n";
  }
  if (html.empty() && pass.changed) {
    html = "<p>The texts of the graphs are the same: the pass changed parts that they do not show (contents of "
           "constants, other methods).</p>\n";
  }
  return html;
}

std::string details_html(const ReportPass& pass) {
  std::string html;
  html += pass.failure.empty() ? "" : element("p", pass.failure, " class=\"failure\"") + "\n";
  html += pass.verdict_detail.empty() ? "" : element("p", pass.verdict_detail) + "\n";
  html += pass.note.empty() ? "" : element("p", pass.note, " class=\"note\"") + "\n";
  html += pass.analysis.empty() ? "" : element("pre", pass.analysis) + "\n";
  html += operators_html(pass) + profile_html(pass);
  if (!pass.reproduce.empty()) {
    html += "<h3>The command that checks this pass</h3>\n<p>" + element("code", pass.reproduce) + "</p>\n";
  }
  return html;
}

std::string drawing_links(const ReportPass& pass) {
  if (pass.before < 0 || pass.after < 0) {
    return "";
  }
  return fmt::format("<p class=\"links\">Drawings: <a href=\"#picture-{}\">before</a>, <a "
                     "href=\"#picture-{}\">after</a></p>\n",
                     pass.before, pass.after);
}

std::string item_html(const ReportData& data, size_t index) {
  const ReportPass& pass = data.passes_run[index];
  std::string html = fmt::format("<li><a href=\"#pass-{0}\"><span class=\"count\">{0}</span><b>{1}</b>", index + 1,
                                 html_escaped(pass.use));
  html += "<span class=\"line\">" + verdict_html(pass.failure.empty() ? pass.verdict : "failed", "");
  html += element("span", human_seconds(pass.seconds));
  html += verdict_html(shown_speed(data, pass).verdict, shown_speed(data, pass).text) + "</span>";
  if (!pass.operators.empty()) {
    html += element("span", operators_text(pass, 3), " class=\"line\"");
  }
  return html + "</a></li>\n";
}

std::string caption(const ReportPicture& picture, size_t number) {
  const size_t count = picture.boxes.size();
  std::string text = fmt::format("Drawing {}: {} {}", number, count, count == 1 ? "box" : "boxes");
  text += picture.level.empty() ? "" : ". Level of detail: " + picture.level;
  return text + (picture.note.empty() ? "" : ". " + picture.note);
}

} // namespace

bool is_idle(const ReportPass& pass) {
  return !pass.changed && pass.failure.empty() && pass.analysis.empty();
}

std::string operators_text(const ReportPass& pass, size_t most) {
  std::vector<NamedCount> sorted = pass.operators;
  // Constants and attributes come and go in large numbers, and say little.
  const auto weight = [](const NamedCount& entry) {
    const bool says_little = entry.first == "prim::Constant" || entry.first == "prim::GetAttr";
    return std::pair(!says_little, std::abs(entry.second));
  };
  std::ranges::stable_sort(sorted, std::greater<>(), weight);
  std::vector<std::string> parts;
  for (const auto& [name, count] : sorted) {
    if (parts.size() == most) {
      parts.push_back(fmt::format("{} more", sorted.size() - most));
      break;
    }
    parts.push_back(fmt::format("{:+} {}", count, name));
  }
  return parts.empty() ? "changed, with the same operators" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string pass_list_html(const ReportData& data) {
  std::string html = "<ol class=\"list\">\n<li><a href=\"#overview\"><b>Overview</b></a></li>\n";
  const auto& passes = data.passes_run;
  for (size_t i = 0; i < passes.size();) {
    size_t end = i;
    std::string items;
    while (end < passes.size() && is_idle(passes[end])) {
      items += item_html(data, end++);
    }
    if (end > i) {
      html += fmt::format("<li><details><summary>{} {} changed nothing</summary><ol>\n{}</ol></details></li>\n",
                          end - i, end - i == 1 ? "pass" : "passes", items);
      i = end;
    } else {
      html += item_html(data, i++);
    }
  }
  return html + "</ol>\n";
}

std::string passes_html(const ReportData& data) {
  std::string html;
  for (size_t i = 0; i < data.passes_run.size(); ++i) {
    const ReportPass& pass = data.passes_run[i];
    html += fmt::format("<section class=\"page pass\" id=\"pass-{0}\" data-pass=\"{1}\" tabindex=\"-1\">\n"
                        "<h2>{0}. {2}</h2>\n",
                        i + 1, i, html_escaped(pass.use));
    html += chips_html(data, pass) + drawing_links(pass);
    html += "<div class=\"details\">\n" + details_html(pass) + "</div>\n";
    html += "<div class=\"texts\">\n" + diff_html(pass, i) + "</div>\n</section>\n";
  }
  return html;
}

std::string pictures_html(const ReportData& data) {
  std::string html = "<section id=\"pictures\">\n<h2>Drawings</h2>\n";
  for (size_t i = 0; i < data.pictures.size(); ++i) {
    const ReportPicture& picture = data.pictures[i];
    html += fmt::format("<figure class=\"drawing\" id=\"picture-{0}\">{1}\n{2}\n</figure>\n", i,
                        element("figcaption", caption(picture, i)), picture.svg);
  }
  return html + "</section>\n";
}

} // namespace tsir
