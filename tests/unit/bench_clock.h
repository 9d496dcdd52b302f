// A seeded clock that advances only when a synthetic arm works, so that tests do not depend on the machine.
#pragma once

#include "lib/bench/estimate/estimate.h"
#include "lib/bench/timing/arm.h"
#include "lib/bench/timing/clock.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>

namespace tsir {

class SyntheticClock final : public Clock {
public:
  explicit SyntheticClock(uint64_t seed) : random_(seed) {}
  int64_t now() override { return now_; }
  Usage usage() override { return {now_, 0, 0}; }

  // Work of `seconds`, lengthened by the machine's state: noise (relative standard deviation), bursts, drift
  // and two speeds.
  void work(double seconds) {
    const double noisy = seconds * std::max(0.1, 1 + noise * std::normal_distribution<double>()(random_));
    const double at = static_cast<double>(now_) * 1e-9;
    const bool hit = std::uniform_real_distribution<double>()(random_) < burst_probability;
    const bool slow = slow_seconds > 0 && std::fmod(at, 2 * slow_seconds) < slow_seconds;
    const double slowed = noisy * (1 + drift_per_second * at) * (hit ? 1.5 : 1.0) * (slow ? 1.3 : 1.0);
    now_ += static_cast<int64_t>(std::llround(slowed * 1e9));
  }

  double noise = 0.01;
  double burst_probability = 0;
  double drift_per_second = 0;
  double slow_seconds = 0; // if positive: the machine is slower by 30 % for as long, then faster for as long, and so on

private:
  std::mt19937_64 random_;
  int64_t now_ = 1'000'000;
};

// An arm of constant work. `placement`: relative standard deviation between instances.
inline ArmSource synthetic_arm(SyntheticClock& clock, const std::string& name, double seconds, double placement = 0,
                               uint64_t seed = 1) {
  auto random = std::make_shared<std::mt19937_64>(seed);
  return {name, [&clock, seconds, placement, random] {
            const double here = seconds * (1 + placement * std::normal_distribution<double>()(*random));
            return Arm{[&clock, here] { clock.work(here); }};
          }};
}

inline std::optional<Ratio> ratio_between(const Measurement& measurement, size_t arm, size_t reference,
                                          double level = 0.95) {
  const auto effects = effects_of(measurement, arm, reference);
  return effects ? std::optional(ratio_of(*effects, level)) : std::nullopt;
}

} // namespace tsir
