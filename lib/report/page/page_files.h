// The files report.css, and pane.js, viewer.js and report.js as one, which the build puts into the program.
#pragma once

#include <string_view>

namespace tsir {

extern const std::string_view report_css;
extern const std::string_view report_js;

} // namespace tsir
