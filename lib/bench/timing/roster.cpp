#include "lib/bench/timing/roster.h"

#include "lib/base/error.h"

namespace tsir {

Roster::Roster(size_t arms, Clock& clock, std::function<bool()> stop)
    : clock_(clock), stop_(std::move(stop)), start_(clock.now()), failures_(arms), retired_(arms) {}

std::vector<size_t> Roster::living() const {
  std::vector<size_t> indices;
  for (size_t i = 0; i < failures_.size(); ++i) {
    if (alive(i)) {
      indices.push_back(i);
    }
  }
  return indices;
}

bool Roster::fail(size_t arm, const std::exception& error) {
  if (asked_to_stop()) {
    return false;
  }
  const std::string line = one_line(error);
  failures_[arm] = line.empty() ? "failed" : line;
  return true;
}

bool Roster::asked_to_stop() {
  stopped_ = stopped_ || (stop_ && stop_());
  return stopped_;
}

double Roster::elapsed() const {
  return static_cast<double>(clock_.now() - start_) / ns_per_second;
}

} // namespace tsir
