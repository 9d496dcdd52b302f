#include "tools/tsir/progress.h"

#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

constexpr std::string_view end_colour = "\x1b[0m";
constexpr std::string_view clear_rest = "\x1b[K";

// Bytes of a colour sequence ("\x1b[36m") at the start of the text; 0 where there is none.
size_t colour_size(std::string_view text) {
  const size_t end = text.starts_with("\x1b[") ? text.find('m') : std::string_view::npos;
  return end == std::string_view::npos ? 0 : end + 1;
}

bool begins_character(char byte) { // in UTF-8
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

} // namespace

std::string fit_columns(std::string_view text, size_t columns) {
  size_t width = 0;
  size_t last = 0; // where the last character that fits begins
  bool coloured = false;
  for (size_t at = 0; at < text.size();) {
    if (const size_t colour = colour_size(text.substr(at)); colour > 0) {
      coloured = text.substr(at, colour) != end_colour;
      at += colour;
      continue;
    }
    if (begins_character(text[at])) {
      if (width == columns) {
        return std::string(text.substr(0, last)).append(coloured ? end_colour : "") + "…";
      }
      ++width;
      last = at;
    }
    ++at;
  }
  return std::string(text);
}

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
    std::fprintf(stderr, "\r%s", clear_rest.data());
    std::fflush(stderr);
    drawn_ = false;
  }
}

} // namespace tsir::tool
