// Ctrl-C as a request to stop early and report what is known.
#pragma once

namespace tsir::tool {

// For its lifetime, the first Ctrl-C (or SIGTERM) is only recorded; a second one ends the process.
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
