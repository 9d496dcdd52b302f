#include "lib/bench/timing/warmup.h"

#include "lib/base/error.h"

#include <algorithm>
#include <cmath>

namespace tsir {
namespace {

constexpr double longest_window_ns = 50e6;
constexpr double shortest_window_ns = 2e6;

// Counts the calls since the executed plan last changed. Arms without a plan never change it.
class PlanWatch {
public:
  explicit PlanWatch(const Arm& arm) : arm_(arm) {}
  void after_call() {
    if (!arm_.plan) {
      ++unchanged_;
      return;
    }
    const uint64_t plan = arm_.plan();
    unchanged_ = plan == last_ ? unchanged_ + 1 : 1;
    last_ = plan;
  }
  size_t unchanged() const { return unchanged_; }

private:
  const Arm& arm_;
  uint64_t last_ = 0;
  size_t unchanged_ = 0;
};

double sum(const std::vector<double>& call_ns, size_t from) {
  double total = 0;
  for (size_t i = from; i < call_ns.size(); ++i) {
    total += call_ns[i];
  }
  return total;
}

bool settled(const std::vector<double>& call_ns, const PlanWatch& plan, const WarmupSettings& settings) {
  return call_ns.size() >= settings.min_calls && plan.unchanged() >= settings.stable_plans &&
         sum(call_ns, 0) >= settings.min_seconds * ns_per_second && times_settled(call_ns, settings);
}

bool given_up(const std::vector<double>& call_ns, const WarmupSettings& settings) {
  if (call_ns.size() < settings.min_calls) {
    return false;
  }
  const bool many =
      call_ns.size() >= settings.max_calls && sum(call_ns, 0) >= 10 * settings.min_seconds * ns_per_second;
  return many || sum(call_ns, settings.min_calls) >= settings.max_seconds * ns_per_second;
}

} // namespace

size_t settled_window(const std::vector<double>& call_ns, const WarmupSettings& settings) {
  const double fastest = *std::min_element(call_ns.begin(), call_ns.end());
  const double wanted = static_cast<double>(std::max<size_t>(settings.window, 2));
  if (fastest <= 0) {
    return static_cast<size_t>(wanted);
  }
  const double fitting = std::clamp(std::floor(longest_window_ns / fastest), 2.0, wanted);
  return static_cast<size_t>(std::max(fitting, std::ceil(shortest_window_ns / fastest)));
}

bool times_settled(const std::vector<double>& call_ns, const WarmupSettings& settings) {
  if (call_ns.empty()) {
    return false;
  }
  const auto window = static_cast<std::ptrdiff_t>(settled_window(call_ns, settings));
  if (static_cast<std::ptrdiff_t>(call_ns.size()) < 2 * window) {
    return false;
  }
  const double last = *std::min_element(call_ns.end() - window, call_ns.end());
  const double before = *std::min_element(call_ns.end() - 2 * window, call_ns.end() - window);
  return std::abs(last - before) <= settings.closeness * before;
}

Warmup warm_up(const Arm& arm, size_t index, const WarmupSettings& settings, Clock& clock,
               const std::function<bool()>& stop) {
  Warmup warmup;
  PlanWatch plan(arm);
  warmup.start = clock.now();
  bool done = false;
  try {
    const std::shared_ptr<void> entered = arm.enter ? arm.enter() : nullptr;
    do {
      const int64_t before = clock.now();
      arm.call();
      warmup.call_ns.push_back(static_cast<double>(clock.now() - before));
      plan.after_call();
      // With thousands of very short calls, checks only now and then, because the check takes longer than a call.
      const size_t calls = warmup.call_ns.size();
      if (calls > settings.max_calls && calls % settings.max_calls != 0) {
        continue;
      }
      warmup.settled = settled(warmup.call_ns, plan, settings);
      done = warmup.settled || given_up(warmup.call_ns, settings) || (stop && stop());
    } while (!done);
  } catch (const std::exception& error) {
    throw ArmFailed(index, one_line(error));
  }
  warmup.seconds = static_cast<double>(clock.now() - warmup.start) / ns_per_second;
  return warmup;
}

} // namespace tsir
