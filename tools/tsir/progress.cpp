#include "tools/tsir/progress.h"

#include "lib/base/columns.h"

#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

constexpr const char* clear_rest = "\x1b[K";

} // namespace

ProgressLine::ProgressLine(std::chrono::milliseconds interval, bool wanted)
    : interval_(interval), shown_(wanted && ::isatty(STDERR_FILENO) != 0) {}

bool ProgressLine::is_due() const {
  return shown_ && (!drawn_ || std::chrono::steady_clock::now() - last_ >= interval_);
}

void ProgressLine::draw(std::string_view text) {
  if (!is_due()) {
    return;
  }
  last_ = std::chrono::steady_clock::now();
  drawn_ = true;
  const std::string line = "\r" + fit_columns(text, columns).append(clear_rest);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (drawn_) {
    std::fprintf(stderr, "\r%s", clear_rest);
    std::fflush(stderr);
    drawn_ = false;
  }
}

} // namespace tsir::tool
