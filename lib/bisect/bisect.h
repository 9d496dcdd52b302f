// Finds the first of several steps after which something is wrong.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace tsir {

struct BisectState {
  size_t steps = 0; // taken to reach this state
  bool bad = false;
  size_t failed_after = 0; // if bad: the number of steps after which it was already wrong, if known; else 0
  std::string what;        // one line
};

struct BisectResult {
  bool found = false;              // if false, only `tested` is set
  BisectState before;              // good
  BisectState after;               // bad, one step later
  bool hidden = false;             // the state after all steps is good again
  bool steady = true;              // both gave the same result in a second test
  std::vector<BisectState> tested; // in the order of the tests
};

// nlohmann's conversions.
void to_json(nlohmann::ordered_json& json, const BisectState& state);
void from_json(const nlohmann::ordered_json& json, BisectState& state);
void to_json(nlohmann::ordered_json& json, const BisectResult& result);
void from_json(const nlohmann::ordered_json& json, BisectResult& result);

struct BisectRequest {
  size_t steps = 0;
  std::function<BisectState(size_t steps)> test;
  bool linear =
      false; // tests every state in order, to find the first bad one; otherwise finds one that follows a good one
  bool confirm = true; // tests both a second time
};

// Uses binary search if the last state is bad. If states can be good again after a bad one, it finds one of the steps
// that cause a failure, not always the first. Tests all states in order if the last one is good or `linear` is set.
// Throws Error(check) if the state before all steps is bad.
BisectResult bisect(const BisectRequest& request);

} // namespace tsir
