// The state that timed and profiled rounds share: which arms are still measured, how long the measurement has taken,
// and whether a stop was requested.
#pragma once

#include "lib/bench/timing/clock.h"

#include <exception>
#include <functional>
#include <string>
#include <vector>

namespace tsir {

class Roster {
public:
  Roster(size_t arms, Clock& clock, std::function<bool()> stop);

  std::vector<size_t> living() const; // arms that did not fail, by index
  bool alive(size_t arm) const { return failures_[arm].empty(); }
  // By arm: the line of what was thrown, or "".
  const std::vector<std::string>& failures() const { return failures_; }
  // Excludes the arm from now on. False, and without effect, once a stop was requested: a failure after that says
  // nothing about the arm.
  bool fail(size_t arm, const std::exception& error);

  // Asks the hook, until it has said yes once.
  bool asked_to_stop();
  bool stopped() const { return stopped_; } // without asking again

  int64_t start() const { return start_; } // on the clock
  double elapsed() const;                  // seconds

private:
  Clock& clock_;
  std::function<bool()> stop_;
  int64_t start_;
  std::vector<std::string> failures_;
  bool stopped_ = false;
};

} // namespace tsir
