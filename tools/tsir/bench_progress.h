// The progress bar of `tsir bench`.
#pragma once

#include "lib/bench/timing/protocol.h"
#include "tools/tsir/progress.h"
#include "tools/tsir/stop_signal.h"

namespace tsir::tool {

class ProgressBar {
public:
  ProgressBar(bool terminal, bool color) : line_(std::chrono::milliseconds(100), terminal), color_(color) {}
  void draw(const Progress& progress);
  void clear() { line_.clear(); }

private:
  ProgressLine line_;
  bool color_;
};

} // namespace tsir::tool
