#include "lib/render/dot/output.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace tsir {

std::string drawing_format(const std::string& file) {
  if (file.empty() || file == "-") {
    return "dot";
  }
  std::string ending = std::filesystem::path(file).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending == ".dot" || ending == ".gv") {
    return "dot";
  }
  for (const std::string& format : render_formats()) {
    if (ending == "." + format) {
      return format;
    }
  }
  throw Error(ErrorKind::usage, fmt::format("{} {}: the name must end in .dot or .gv (text), or .{} (rendered)",
                                            spelled(Setting::output), file, fmt::join(render_formats(), ", .")));
}

Rendered write_drawing(const Drawing& drawing, const std::string& format, const DotSettings& dot,
                       const LayoutSettings& layout) {
  return format == "dot" ? Rendered{to_dot(drawing, dot), "", ""} : lay_out(drawing, format, dot, layout);
}

} // namespace tsir
