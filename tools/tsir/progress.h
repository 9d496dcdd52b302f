// How far a subcommand is: one line on standard error, which is drawn over.
#pragma once

#include <chrono>
#include <string_view>

namespace tsir::tool {

// Draws nothing where standard error is not a terminal, or the line is not wanted. Its destructor clears the line.
class ProgressLine {
public:
  static constexpr size_t columns = 80; // a longer line would wrap, and could not be drawn over
  // Texts that come sooner than `interval` after the last drawn one are left out. With zero, every text is drawn: for
  // steps that may take long, whose last one must be the one shown.
  explicit ProgressLine(std::chrono::milliseconds interval = std::chrono::milliseconds(100), bool wanted = true);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  // Whether a text given now would be drawn.
  bool is_due() const;
  // Cut to one line of 80 columns.
  void draw(std::string_view text);
  void clear();

private:
  std::chrono::milliseconds interval_;
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

} // namespace tsir::tool
