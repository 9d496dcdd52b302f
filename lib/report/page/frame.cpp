#include "lib/report/page/frame.h"

#include "lib/report/page/html.h"
#include "lib/report/page/page_files.h"

#include <fmt/format.h>

namespace tsir {

std::string begin_page(const PageFrame& frame) {
  const std::string title = html_escaped(frame.title);
  const std::string scripts =
      frame.script_number.empty() ? "" : fmt::format("; script-src 'nonce-{}'", frame.script_number);
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                      "'unsafe-inline'; img-src data:{}\">\n",
                      scripts);
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
          "content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n";
  html += fmt::format("<title>{} · {}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n", title,
                      html_escaped(frame.kind), report_css, frame.style);
  return html + fmt::format("<header>\n<h1>{}</h1>\n<p>{}</p>\n<p class=\"tool\">{} · {}</p>\n</header>\n", title,
                            html_escaped(frame.subtitle), html_escaped(frame.tool), html_escaped(frame.date));
}

} // namespace tsir
