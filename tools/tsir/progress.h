// The progress of a subcommand: one line on standard error, which is overwritten.
#pragma once

#include <chrono>
#include <string_view>

namespace tsir::tool {

// Draws nothing if standard error is not a terminal or `wanted` is false. The destructor clears the line.
class ProgressLine {
public:
  static constexpr size_t columns = 80; // a longer line would wrap and could not be overwritten
  // Texts that come sooner than `interval` after the last drawn one are left out. Zero draws every text, for long steps
  // whose latest text must always be shown.
  explicit ProgressLine(std::chrono::milliseconds interval = std::chrono::milliseconds(100), bool wanted = true);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  // Whether a text given now would be drawn.
  bool is_due() const;
  // Draws the text, cut to 80 columns.
  void draw(std::string_view text);
  void clear();

private:
  std::chrono::milliseconds interval_;
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

} // namespace tsir::tool
