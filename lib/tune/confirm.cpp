// The end of a search: the fastest candidates on further inputs, and measured again.
#include "lib/tune/search.h"

#include "lib/tune/choose.h"

namespace tsir {
namespace {

constexpr uint64_t further_seed = 10'000; // from the seed of the search on: inputs that nothing was chosen by
constexpr double further_share = 0.25;    // of the time that is left
constexpr double shortest = 0.1;          // of the whole time: what a confirmation may always take

// With one or two rounds, a small difference may be one between processes.
Decision without_haste(Decision decision) {
  const Ratio& ratio = decision.ratio;
  if (changed(decision.outcome) && !shows_less(ratio.high, ratio.rounds, 1) &&
      !shows_less(1 / ratio.low, ratio.rounds, 1)) {
    decision.outcome = Outcome::inconclusive;
  }
  return decision;
}

} // namespace

void Search::confirm() {
  const auto best = fastest(outcome_.candidates, job_.rule.band);
  if (!best) {
    return;
  }
  const double left = std::max(job_.max_seconds - elapsed(), shortest * job_.max_seconds);
  const bool savable = outcome_.candidates[*best].savable();
  outcome_.best = confirm_fastest(false, savable ? left : left / 2);
  if (outcome_.best && outcome_.find(outcome_.best->candidate)->savable()) {
    outcome_.best_savable = outcome_.best;
  } else if (fastest(outcome_.candidates, job_.rule.band, true)) {
    outcome_.best_savable = confirm_fastest(true, std::max(job_.max_seconds - elapsed(), shortest * job_.max_seconds));
  }
}

// A candidate that fails on further inputs is a row of the table; then it is the next one's turn.
std::optional<Confirmation> Search::confirm_fastest(bool savable, double seconds) {
  const double until = elapsed() + seconds;
  while (const auto index = fastest(outcome_.candidates, job_.rule.band, savable)) {
    size_t tried = 0;
    if (!holds_on_further_inputs(*index, further_share * std::max(until - elapsed(), 0.0), tried)) {
      continue;
    }
    const TuneCandidate candidate = outcome_.candidates[*index].candidate;
    Confirmation confirmation = measure_again(candidate, std::max(until - elapsed(), shortest * job_.max_seconds));
    confirmation.further_inputs = tried;
    return confirmation;
  }
  return std::nullopt;
}

bool Search::holds_on_further_inputs(size_t index, double seconds, size_t& tried) {
  CandidateOutcome& outcome = outcome_.candidates[index];
  if (!trials_->repeats() || job_.further_sets == 0) {
    return true;
  }
  tell("further inputs for " + outcome.candidate.name());
  const size_t parts = std::max<size_t>(job_.mix.size(), 1);
  const InputSets sets =
      in_turn(sets_of_parts(workload_.inputs.seed + further_seed, (job_.further_sets + parts - 1) / parts));
  const double until = elapsed() + seconds;
  const auto enough = [&](size_t so_far) { return so_far > 0 && elapsed() > until; };
  tried = trials_->try_further(outcome_.candidates[0].candidate, outcome, sets, enough);
  return outcome.good();
}

Confirmation Search::measure_again(const TuneCandidate& candidate, double seconds) {
  const uint64_t seed = workload_.inputs.seed + further_seed - 1;
  serve_inputs(sets_of_parts(seed, 1));
  const std::vector<ArmSource> sources = {trials_->arm_of(as_loaded(space_), job_.goal),
                                          trials_->arm_of(candidate, job_.goal)};
  ProtocolSettings protocol = protocol_for(job_.goal);
  protocol.max_seconds = seconds;
  protocol.seed = seed;
  const auto decision_of = [&](const Measurement& measurement) -> std::optional<Decision> {
    const auto effects = effects_of(measurement, 1, 0);
    return effects ? std::optional(decide({{*effects, measurement.plan.looks.size()}}, job_.rule).front())
                   : std::nullopt;
  };
  Hooks hooks = race_hooks("measuring again");
  hooks.enough = [&](const Measurement& measurement) {
    const auto decision = decision_of(measurement);
    return decision && settled(decision->outcome);
  };
  const Measurement measurement = measure(sources, protocol, clock_, hooks);
  const auto decision = decision_of(measurement);
  if (measurement.interrupted) {
    throw Interrupted();
  }
  if (!decision) {
    const std::string& failure = measurement.failures[measurement.failures[0].empty() ? 1 : 0];
    throw Error(ErrorKind::check, fmt::format("{} could not be measured again: {}", candidate.name(),
                                              failure.empty() ? "no time" : failure));
  }
  Confirmation confirmation{.candidate = candidate, .decision = without_haste(*decision)};
  const auto of_call = [&](size_t arm) {
    return per_call(job_.goal, summarize(measurement, arm)->median, calls_of_cycle(job_.mix));
  };
  confirmation.as_loaded_ns = of_call(0);
  confirmation.median_ns = of_call(1);
  return confirmation;
}

Confirmation Search::confirm_only(const TuneCandidate& candidate) {
  return measure_again(candidate, job_.max_seconds);
}

} // namespace tsir
