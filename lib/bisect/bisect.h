// The first of several steps after which something is wrong.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace tsir {

struct BisectState {
  size_t steps = 0; // taken on the way to it
  bool bad = false;
  size_t failed_after = 0; // bad: the steps after which it was wrong already, where that is known; else 0
  std::string what;        // one line
};

struct BisectResult {
  bool found = false;              // else only `tested` says something
  BisectState before;              // good
  BisectState after;               // bad, one step later
  bool hidden = false;             // the state after all steps is good again
  bool steady = true;              // both were the same when they were tested once more
  std::vector<BisectState> tested; // in the order in which they were
};

struct BisectRequest {
  size_t steps = 0;
  std::function<BisectState(size_t steps)> test;
  bool linear = false; // every state in order: the first bad one. Otherwise one that follows a good one
  bool confirm = true; // tests both once more
};

// By halves where the last state is bad: where states may be good again after a bad one,
// what is found is one of the steps that spoil something. All states in order where the last one is good, or `linear`
// asks for it. Throws Error(check) where the state before all steps is bad.
BisectResult bisect(const BisectRequest& request);

} // namespace tsir
