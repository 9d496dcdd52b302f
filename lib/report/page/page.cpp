#include "lib/report/page/page.h"

#include "lib/base/error.h"
#include "lib/report/page/frame.h"
#include "lib/report/page/html.h"
#include "lib/report/page/page_files.h"
#include "lib/report/page/parts.h"
#include "lib/report/page/plot_svg.h"
#include "lib/report/page/svg.h"

#include <fmt/format.h>

namespace tsir {
namespace {

constexpr std::string_view data_begin = "<script type=\"application/json\" id=\"tsir-data\">";
constexpr std::string_view data_end = "</script>";

// JSON that can stand in a script element: no '<' of a text can end the element or begin a comment.
std::string json_in_html(const ReportJson& json) {
  std::string text;
  for (const char c : json.dump(-1, ' ', false, ReportJson::error_handler_t::replace)) {
    if (c == '<' || c == '>') {
      text += c == '<' ? "\\u003c" : "\\u003e";
    } else {
      text += c;
    }
  }
  return text;
}

std::string style_of(const ReportData& data) {
  std::set<std::string> classes;
  for (const ReportPicture& picture : data.pictures) {
    add_svg_classes(picture.svg, classes);
  }
  add_svg_classes(data.plots, classes);
  return fmt::format("{}@media screen and (prefers-color-scheme: dark){{\n{}}}\n", svg_style(classes, /*dark=*/false),
                     svg_style(classes, /*dark=*/true));
}

// The page allows only the script that has this number. It depends on the contents, so that a text in them cannot
// know it.
std::string script_number(std::string_view contents) {
  uint64_t hash = 0xcbf29ce484222325; // FNV-1a
  for (const char c : contents) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

std::string title_of(const ReportData& data) {
  return data.method.empty() || data.method == data.file ? data.file : data.file + " · " + data.method;
}

std::string subtitle_of(const ReportData& data) {
  return data.each ? fmt::format("{} passes, each alone from the start", data.passes_run.size()) : data.passes;
}

// What stands in the page as text is not in the JSON once more.
ReportData without_long_texts(ReportData data) {
  for (ReportPass& pass : data.passes_run) {
    pass.diff.clear();
    pass.nodes.clear();
  }
  return data;
}

// The text of <pre id="…"> in a page; "" if there is none.
std::string text_in(std::string_view page, const std::string& id) {
  const std::string mark = fmt::format(" id=\"{}\">", id);
  const size_t begin = page.find(mark);
  const size_t end = page.find("</pre>", begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) {
    return "";
  }
  const std::string_view content = page.substr(begin + mark.size(), end - begin - mark.size());
  std::string text;
  for (size_t at = 0; at < content.size();) { // the only elements in it are <ins> and <del>
    const size_t tag = std::min(content.find('<', at), content.size());
    text += content.substr(at, tag - at);
    at = std::min(content.find('>', tag), content.size() - 1) + 1;
  }
  return xml_decoded(text);
}

// The SVG element in the figure that begins like that.
std::string_view svg_in(std::string_view page, const std::string& begin) {
  const size_t figure = page.find(begin);
  const size_t end = page.find("</figure>", figure);
  const size_t svg = figure == std::string_view::npos ? figure : page.find("<svg", figure);
  return svg < end && end != std::string_view::npos ? page.substr(svg, end - svg) : std::string_view();
}

} // namespace

std::string report_page(const ReportData& data) {
  const std::string json = json_in_html(without_long_texts(data));
  const std::string number = script_number(json);
  std::string html = begin_page({.title = title_of(data),
                                 .kind = "tsir report",
                                 .subtitle = subtitle_of(data),
                                 .tool = data.tool,
                                 .date = data.date,
                                 .style = style_of(data),
                                 .script_number = number});
  html += "<nav aria-label=\"Passes\">\n" + pass_list_html(data) + "</nav>\n<main>\n";
  html += overview_html(data) + passes_html(data) + "</main>\n" + pictures_html(data);
  html += std::string(data_begin) + json + std::string(data_end) + "\n";
  html += fmt::format("<script nonce=\"{}\">\n{}</script>\n</body>\n</html>\n", number, report_js);
  return html;
}

ReportData data_of_page(std::string_view page) {
  const size_t begin = page.find(data_begin);
  const size_t end = page.find(data_end, begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) {
    throw Error(ErrorKind::load, "this is not a page that tsir report wrote: it has no data");
  }
  ReportData data;
  try {
    data = ReportJson::parse(page.substr(begin + data_begin.size(), end - begin - data_begin.size())).get<ReportData>();
  } catch (const std::exception& error) {
    throw Error(ErrorKind::load, fmt::format("the data of this page cannot be read: {}", one_line(error)));
  }
  for (size_t i = 0; i < data.pictures.size(); ++i) {
    data.pictures[i].svg = reduced_svg(svg_in(page, fmt::format("<figure class=\"drawing\" id=\"picture-{}\">", i)));
  }
  data.plots = reduced_plot(svg_in(page, "<figure class=\"plots\">"));
  for (size_t i = 0; i < data.passes_run.size(); ++i) {
    data.passes_run[i].diff = text_in(page, fmt::format("diff-{}", i));
    data.passes_run[i].nodes = text_in(page, fmt::format("nodes-{}", i));
  }
  return data;
}

} // namespace tsir
