// The progress bar of `tsir bench`, and the wish to stop.
#pragma once

#include "lib/bench/timing/protocol.h"

#include <chrono>

namespace tsir::tool {

// Draws on standard error where that is a terminal, ten times a second at most; clears its line when it goes.
class ProgressBar {
public:
  ProgressBar(bool terminal, bool color) : terminal_(terminal), color_(color) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  void draw(const Progress& progress);
  void clear();

private:
  bool terminal_;
  bool color_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

// While it lives, the first Ctrl-C (or SIGTERM) is only noted, so that what is known can be reported; a second one ends
// the process.
class StopSignal {
public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  // The signal's number, or 0.
  static int received();
};

} // namespace tsir::tool
