// The common state of all kinds of rounds: the remaining arms, the elapsed time, and whether the user has stopped the
// run.
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

  std::vector<size_t> living() const; // arms that neither failed nor were retired, by index
  bool alive(size_t arm) const { return failures_[arm].empty() && !retired_[arm]; }
  // By arm: one line with the exception, or "".
  const std::vector<std::string>& failures() const { return failures_; }
  // Leaves the arm out from now on, without a failure.
  void retire(size_t arm) { retired_[arm] = true; }
  // Removes the arm. Returns false and does nothing if the user has ended the run, because the exception is then not
  // the arm's fault.
  bool fail(size_t arm, const std::exception& error);

  // Calls the hook, until it has returned true once.
  bool asked_to_stop();
  bool stopped() const { return stopped_; } // does not call the hook again

  int64_t start() const { return start_; } // on the clock
  double elapsed() const;                  // seconds

private:
  Clock& clock_;
  std::function<bool()> stop_;
  int64_t start_;
  std::vector<std::string> failures_;
  std::vector<bool> retired_;
  bool stopped_ = false;
};

} // namespace tsir
