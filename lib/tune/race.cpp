#include "lib/tune/race.h"

#include "lib/bench/estimate/verdict.h"

#include <cmath>

namespace tsir {
namespace {

constexpr double large = 0.9;      // a ratio that one or two rounds can show
constexpr double far_behind = 1.3; // such an arm is stopped after two rounds, if they have enough blocks to tell
constexpr double hopeless = 2;     // such an arm is stopped after one round anyway
constexpr double looks = 10;       // at an arm, before it is stopped or the race ends

bool takes_part(const Measurement& measurement, size_t arm) {
  return measurement.failures[arm].empty() && !measurement.retired[arm];
}

// Of those that still take part; arms without a common round with the first are left out.
std::optional<size_t> leader(const Measurement& measurement) {
  std::optional<size_t> best;
  double least = 0;
  for (size_t arm = 0; arm < measurement.arms.size(); ++arm) {
    if (!takes_part(measurement, arm)) {
      continue;
    }
    const auto effects = arm == 0 ? std::nullopt : effects_of(measurement, arm, 0);
    if (arm > 0 && !effects) {
      continue;
    }
    const double ratio = arm == 0 ? 1 : ratio_of(*effects, 0.95).ratio;
    if (!best || ratio < least) {
      best = arm;
      least = ratio;
    }
  }
  return best;
}

bool cannot_win(const Ratio& to_leader, size_t rounds) {
  if (rounds >= fewest_rounds) {
    return to_leader.method == IntervalMethod::rounds_t && to_leader.low > 1;
  }
  const bool enough_blocks = to_leader.level >= to_leader.asked;
  const bool far = rounds >= 2 && enough_blocks && to_leader.ratio > far_behind;
  return to_leader.low > 1 && (far || to_leader.ratio > hopeless);
}

} // namespace

bool shows_less(double high, size_t rounds, double time) {
  return high < (rounds >= fewest_rounds ? time : large * time);
}

size_t RaceOutcome::best() const {
  size_t best = 0;
  for (size_t arm = 1; arm < arms.size(); ++arm) {
    const double least = best == 0 ? 1 : arms[best].ratio->ratio;
    if (arms[arm].failure.empty() && !arms[arm].stopped_early && arms[arm].ratio && arms[arm].ratio->ratio < least) {
      best = arm;
    }
  }
  return best;
}

std::vector<size_t> arms_to_stop(const Measurement& measurement, const RaceSettings& settings) {
  const auto best = leader(measurement);
  std::vector<size_t> stop;
  for (size_t arm = 1; best && arm < measurement.arms.size(); ++arm) {
    if (arm == *best || !takes_part(measurement, arm)) {
      continue;
    }
    const auto effects = effects_of(measurement, arm, *best);
    if (effects && cannot_win(ratio_of(*effects, 1 - settings.alpha / looks), effects->rounds.size())) {
      stop.push_back(arm);
    }
  }
  return stop;
}

bool race_is_over(const Measurement& measurement, const RaceSettings& settings) {
  const auto best = leader(measurement);
  if (!best || measurement.rounds.size() < fewest_rounds) {
    return false;
  }
  for (size_t arm = 1; arm < measurement.arms.size(); ++arm) {
    if (arm == *best || !takes_part(measurement, arm)) {
      continue;
    }
    const auto effects = effects_of(measurement, arm, *best);
    if (!effects || outcome_of(ratio_of(*effects, 1 - settings.alpha), std::log1p(settings.band)) != Outcome::same) {
      return false;
    }
  }
  return true;
}

RaceOutcome race(const std::vector<ArmSource>& sources, const RaceSettings& settings, Clock& clock,
                 const Hooks& outer) {
  Hooks hooks = outer;
  hooks.retire = [&](const Measurement& measurement) { return arms_to_stop(measurement, settings); };
  hooks.enough = [&](const Measurement& measurement) { return race_is_over(measurement, settings); };
  const Measurement measurement = measure(sources, settings.protocol, clock, hooks);
  RaceOutcome outcome{.arms = {}, .interrupted = measurement.interrupted, .seconds = measurement.seconds};
  for (size_t arm = 0; arm < sources.size(); ++arm) {
    RaceArm& result = outcome.arms.emplace_back();
    result.failure = measurement.failures[arm];
    result.stopped_early = measurement.retired[arm];
    if (const auto effects = effects_of(measurement, arm, 0); effects && arm > 0) {
      result.ratio = ratio_of(*effects, 0.95);
    }
    if (const auto summary = summarize(measurement, arm)) {
      result.median_ns = summary->median;
    }
  }
  return outcome;
}

} // namespace tsir
