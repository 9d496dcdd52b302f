#include "lib/render/dot/output.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace tsir {
namespace {

// Larger drawings cannot be read, and rendering them takes minutes.
constexpr size_t most_rendered = 1000;
constexpr size_t most_as_text = 3000;

} // namespace

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

std::string check_drawing_size(const Drawing& drawing, const std::string& format, const std::string& name) {
  const size_t count = drawing.boxes.size();
  const size_t limit = format == "dot" ? most_as_text : most_rendered;
  if (count <= limit) {
    return "";
  }
  const auto line = fmt::format(
      "{} has {} boxes to draw: too many to draw usefully (more than {}); use {} {}, {}, or {} %value {} N", name,
      human_count(count), human_count(limit), spelled(Setting::fold_constants), spelled(Setting::fold_parameters),
      spelled(Setting::collapse), spelled(Setting::around), spelled(Setting::depth));
  if (format != "dot") {
    throw Error(ErrorKind::usage, fmt::format("{}, or {}", line, spelled(Setting::force)));
  }
  return line;
}

Rendered write_drawing(const Drawing& drawing, const std::string& format, const DotSettings& settings) {
  return format == "dot" ? Rendered{to_dot(drawing, settings), ""} : render(drawing, format, settings);
}

} // namespace tsir
