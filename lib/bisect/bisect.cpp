#include "lib/bisect/bisect.h"

#include "lib/base/error.h"

#include <algorithm>
#include <map>
#include <optional>

namespace tsir {
namespace {

class Bisection {
public:
  explicit Bisection(const BisectRequest& request) : request_(request) {}
  BisectResult run();

private:
  const BisectState& state(size_t steps);
  std::optional<size_t> first_bad_in_order();
  size_t bad_by_binary_search();

  const BisectRequest& request_;
  std::map<size_t, BisectState> known_;
  BisectResult result_;
};

const BisectState& Bisection::state(size_t steps) {
  auto found = known_.find(steps);
  if (found == known_.end()) {
    found = known_.emplace(steps, request_.test(steps)).first;
    result_.tested.push_back(found->second);
  }
  return found->second;
}

std::optional<size_t> Bisection::first_bad_in_order() {
  for (size_t steps = 1; steps <= request_.steps; ++steps) {
    if (state(steps).bad) {
      return steps;
    }
  }
  return std::nullopt;
}

// Finds a bad state whose predecessor is good, by binary search. A state that failed at an earlier step narrows the
// range to that step.
size_t Bisection::bad_by_binary_search() {
  size_t good = 0;
  size_t bad = request_.steps;
  const auto narrow = [&](const BisectState& found) {
    bad = found.failed_after > good && found.failed_after < bad ? found.failed_after : bad;
  };
  narrow(state(bad));
  while (bad - good > 1) {
    const size_t middle = good + (bad - good) / 2;
    const BisectState& found = state(middle);
    if (found.bad) {
      bad = middle;
      narrow(found);
    } else {
      good = middle;
    }
  }
  return bad;
}

BisectResult Bisection::run() {
  if (state(0).bad) {
    throw Error(ErrorKind::check, "the start is bad, before any pass: " + state(0).what);
  }
  const bool linear = request_.linear || !state(request_.steps).bad;
  const std::optional<size_t> bad = linear ? first_bad_in_order() : std::optional<size_t>(bad_by_binary_search());
  if (!bad) {
    return std::move(result_);
  }
  result_.found = true;
  result_.before = state(*bad - 1);
  result_.after = state(*bad);
  result_.hidden = *bad < request_.steps && known_.contains(request_.steps) && !known_.at(request_.steps).bad;
  if (request_.confirm) {
    result_.steady = !request_.test(*bad - 1).bad && request_.test(*bad).bad;
  }
  return std::move(result_);
}

} // namespace

BisectResult bisect(const BisectRequest& request) {
  return Bisection(request).run();
}

void to_json(nlohmann::ordered_json& json, const BisectState& state) {
  json = {{"steps", state.steps}, {"bad", state.bad}, {"failed_after", state.failed_after}, {"what", state.what}};
}

void from_json(const nlohmann::ordered_json& json, BisectState& state) {
  state = {json.at("steps"), json.at("bad"), json.at("failed_after"), json.at("what")};
}

void to_json(nlohmann::ordered_json& json, const BisectResult& result) {
  json = {{"found", result.found},   {"before", result.before}, {"after", result.after},
          {"hidden", result.hidden}, {"steady", result.steady}, {"tested", result.tested}};
}

void from_json(const nlohmann::ordered_json& json, BisectResult& result) {
  result = {json.at("found"),  json.at("before"), json.at("after"),
            json.at("hidden"), json.at("steady"), json.at("tested").get<std::vector<BisectState>>()};
}

} // namespace tsir
