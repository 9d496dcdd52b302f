// What all pages have: the head, the style, and what the page is about.
#pragma once

#include <string>

namespace tsir {

struct PageFrame {
  std::string title;
  std::string kind; // of the page, for the window's title: "tsir report"
  std::string subtitle;
  std::string tool; // the program that wrote the page
  std::string date;
  std::string style = {};         // besides that of all pages
  std::string script_number = {}; // the only script that the page allows; "" for none
};

// From the beginning of the page to the end of its header. All text is escaped.
std::string begin_page(const PageFrame& frame);

} // namespace tsir
