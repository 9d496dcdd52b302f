#include "tools/tsir/bench_progress.h"

#include "lib/base/columns.h"
#include "lib/base/units.h"

namespace tsir::tool {
namespace {

constexpr int bar_width = 20;

std::string percent(double share) {
  return share < 0.1 ? fmt::format("{:.2g}", 100 * share) : fmt::format("{:.0f}", 100 * share);
}

// The resolution of the verdicts that are still open, at first and now: ", ±1.2 → ±0.8 %".
std::string resolution_text(const Resolution& resolution) {
  return resolution.now == resolution.first
             ? fmt::format(", ±{} %", percent(resolution.now))
             : fmt::format(", ±{} → ±{} %", percent(resolution.first), percent(resolution.now));
}

std::string bar(double done, bool color) {
  const int filled = static_cast<int>(std::clamp(done, 0.0, 1.0) * bar_width);
  std::string text = color ? "\x1b[36m" : "";
  for (int i = 0; i < bar_width; ++i) {
    text += i < filled ? "━" : color ? " " : "·";
  }
  return text + (color ? "\x1b[0m" : "");
}

} // namespace

void ProgressBar::draw(const Progress& progress) {
  if (!line_.is_due()) {
    return;
  }
  const std::string eta =
      progress.eta_seconds >= 0.5 ? fmt::format(", {:.0f} s left", progress.eta_seconds) : std::string();
  const std::string resolution = progress.resolution ? resolution_text(*progress.resolution) : std::string();
  const size_t space = progress.resolution ? 24 : 40; // leaves room for the rest of the line
  line_.draw(fmt::format("{} {:3.0f} %  {}{}{}", bar(progress.done, color_), 100 * progress.done,
                         fit_columns(progress.doing, space), resolution, eta));
}

} // namespace tsir::tool
