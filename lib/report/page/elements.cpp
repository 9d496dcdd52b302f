#include "lib/report/page/elements.h"

#include "lib/report/page/html.h"

#include <fmt/format.h>

#include <algorithm>

namespace tsir {
namespace {

// A word for CSS: "timed out" becomes "timed-out".
std::string class_of(std::string word) {
  std::ranges::replace_if(
      word, [](char c) { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'); }, '-');
  return word;
}

} // namespace

std::string element(std::string_view name, std::string_view text, std::string_view attributes) {
  return fmt::format("<{0}{1}>{2}</{0}>", name, attributes, html_escaped(text));
}

std::string with_whole_interval(std::string text) {
  const size_t begin = text.find('[');
  const size_t comma = begin == std::string::npos ? begin : text.find(", ", begin);
  if (comma != std::string::npos) {
    text.replace(comma, 2, ",\u00a0");
  }
  return text;
}

std::string verdict_html(const std::string& word, const std::string& text) {
  if (word.empty()) {
    return "";
  }
  return element("span", text.empty() ? word : with_whole_interval(text),
                 fmt::format(" class=\"chip v {}\"", class_of(word)));
}

std::string facts_html(const NamedTexts& facts) {
  std::string html = "<dl class=\"facts\">\n";
  for (const auto& [name, text] : facts) {
    html += element("dt", name) + element("dd", text) + "\n";
  }
  return html + "</dl>\n";
}

std::string commands_html(const NamedTexts& commands) {
  std::string html = "<dl class=\"commands\">\n";
  for (const auto& [name, line] : commands) {
    html += element("dt", name) + "<dd>" + element("code", line) + "</dd>\n";
  }
  return html + "</dl>\n";
}

} // namespace tsir
