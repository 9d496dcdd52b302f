#include "lib/tune/search.h"

#include "lib/tune/choose.h"

#include <cmath>

namespace tsir {
namespace {

// Of the whole time, at the end of each step.
constexpr double singles_until = 0.45;
constexpr double combinations_until = 0.65;
constexpr double settings_until = 0.8;
constexpr double trials_share = 0.4; // of a step; the rest is for the race
constexpr size_t most_in_heat = 8;   // candidates in memory at the same time, besides the module as it came
constexpr size_t leaders = 2;        // that are raced again with the candidates of the next step

TimeRatio time_ratio(const Ratio& ratio) {
  const double high = std::isfinite(ratio.high) ? ratio.high : 1e9;
  return {.ratio = ratio.ratio,
          .low = std::max(ratio.low, 0.0),
          .high = high,
          .rounds = ratio.rounds,
          .level = ratio.level};
}

} // namespace

Search::Search(const TuneJob& job, const TuneHooks& hooks)
    : job_(job), hooks_(hooks), space_(job.space), start_(clock_.now()), workload_(job.workload) {
  open();
}

TuneOutcome Search::run() {
  if (!job_.journal.empty()) {
    auto subject = nlohmann::ordered_json::object();
    subject["sha1"] = outcome_.sha1;
    subject["allowed"] = space_.allowed;
    subject["goal"] = to_string(job_.goal);
    for (const Condition& condition : outcome_.conditions) {
      subject[condition.name] = condition.value;
    }
    journal_ = Journal(job_.journal, subject);
  }
  try {
    try_as_loaded();
    search();
    confirm();
  } catch (const Interrupted&) {
    if (outcome_.candidates.empty()) {
      throw;
    }
    outcome_.interrupted = true;
  }
  outcome_.seconds = elapsed();
  return std::move(outcome_);
}

void Search::try_as_loaded() {
  tell("trying the module as it came");
  try {
    outcome_.candidates.push_back(trials_->set_reference(as_loaded(space_), sets_));
  } catch (const Error& error) {
    if (stopped()) {
      throw Interrupted();
    }
    throw Error(ErrorKind::check, fmt::format("the module does not run as it came: {}", error.what()));
  }
  if (!trials_->repeats()) {
    outcome_.notes.emplace_back("two runs of the module as it came differ: outputs are not compared");
  }
}

void Search::search() {
  compete(single_candidates(space_), singles_until);
  compete(combinations(gains(), space_, known_keys()), combinations_until);
  const auto index = fastest(outcome_.candidates, job_.rule.band);
  const TuneCandidate best = index ? outcome_.candidates[*index].candidate : as_loaded(space_);
  compete(setting_variants(best, space_), (combinations_until + 2 * settings_until) / 3);
  const std::vector<TuneCandidate> helpful = helpful_variants(best);
  if (helpful.size() > 1) {
    compete({with_settings_of(best, helpful)}, settings_until);
  }
}

void Search::compete(const std::vector<TuneCandidate>& candidates, double share) {
  const double until = share * job_.max_seconds;
  if (elapsed() > until && outcome_.candidates.size() > 1) {
    return; // the steps before took longer than planned
  }
  const double trials_until = elapsed() + trials_share * std::max(0.0, until - elapsed());
  std::vector<size_t> entrants = try_all(candidates, trials_until);
  if (entrants.empty()) {
    return;
  }
  std::vector<size_t> before;
  for (size_t i = 1; i < outcome_.candidates.size(); ++i) {
    const CandidateOutcome& candidate = outcome_.candidates[i];
    if (candidate.good() && candidate.ratio && !candidate.stopped_early) {
      before.push_back(i);
    }
  }
  std::ranges::sort(before, {}, [&](size_t i) { return outcome_.candidates[i].ratio->ratio; });
  before.resize(std::min(before.size(), leaders));
  entrants.insert(entrants.begin(), before.begin(), before.end());
  race_all(entrants, until);
}

// Returns the indices of those that can be raced. At least three are tried, however little time there is.
std::vector<size_t> Search::try_all(const std::vector<TuneCandidate>& candidates, double until) {
  std::vector<size_t> good;
  size_t tried = 0;
  for (const TuneCandidate& candidate : candidates) {
    if (known_keys().contains(candidate.key())) {
      continue;
    }
    if (stopped()) {
      throw Interrupted();
    }
    CandidateOutcome outcome{.candidate = candidate, .detail = "there was no time to try it"};
    if (const auto known = journal_.trial(candidate)) {
      outcome = *known;
    } else if (tried < 3 || elapsed() < until) {
      tell("trying " + candidate.name());
      outcome = trials_->try_candidate(candidate);
      journal_.add_trial(outcome);
      ++tried;
    }
    add_outcome(outcome_.candidates, std::move(outcome), good);
  }
  return good;
}

void Search::race_all(const std::vector<size_t>& entrants, double until) {
  std::vector<size_t> open;
  for (const size_t index : entrants) {
    CandidateOutcome& candidate = outcome_.candidates[index];
    const auto known = journal_.raced(candidate.candidate);
    if (known && !candidate.ratio) {
      candidate = *known;
    } else {
      open.push_back(index);
    }
  }
  const size_t heats = (open.size() + most_in_heat - 1) / most_in_heat;
  for (size_t heat = 0; heat < heats; ++heat) {
    std::vector<size_t> members;
    for (size_t i = heat; i < open.size(); i += heats) {
      members.push_back(open[i]);
    }
    const double left = std::max(until - elapsed(), 0.02 * job_.max_seconds);
    race_heat(members, left / static_cast<double>(heats - heat));
  }
}

void Search::race_heat(const std::vector<size_t>& heat, double seconds) {
  std::vector<ArmSource> sources = {trials_->arm_of(outcome_.candidates[0].candidate, job_.goal)};
  for (const size_t index : heat) {
    sources.push_back(trials_->arm_of(outcome_.candidates[index].candidate, job_.goal));
  }
  RaceSettings settings{.protocol = protocol_for(job_.goal), .alpha = job_.rule.alpha, .band = job_.rule.band};
  settings.protocol.max_seconds = seconds;
  settings.protocol.seed = workload_.inputs.seed + outcome_.candidates.size();
  const RaceOutcome raced =
      race(sources, settings, clock_, race_hooks(fmt::format("racing {} candidates", heat.size())));
  if (!raced.arms[0].failure.empty()) {
    throw Error(ErrorKind::check, "the module as it came failed in a later call: " + raced.arms[0].failure);
  }
  const auto of_call = [&](double median) { return per_call(job_.goal, median, calls_of_cycle(job_.mix)); };
  outcome_.candidates[0].median_ns = of_call(raced.arms[0].median_ns);
  for (size_t i = 0; i < heat.size(); ++i) {
    const RaceArm& arm = raced.arms[i + 1];
    CandidateOutcome& candidate = outcome_.candidates[heat[i]];
    if (!arm.failure.empty()) {
      candidate.state = CandidateState::failed;
      candidate.detail = arm.failure;
    } else if (arm.ratio) {
      candidate.ratio = time_ratio(*arm.ratio);
      candidate.median_ns = of_call(arm.median_ns);
      candidate.stopped_early = arm.stopped_early;
    }
    if (!raced.interrupted) {
      journal_.add_raced(candidate);
    }
  }
  if (raced.interrupted) {
    throw Interrupted();
  }
}

// Of each part that was tried alone: against the module as it came, or against freezing if it needs that.
Gains Search::gains() const {
  std::map<std::string, TimeRatio> ratios;
  for (const CandidateOutcome& outcome : outcome_.candidates) {
    if (outcome.ratio && outcome.good() && !outcome.candidate.parts.empty()) {
      ratios[fmt::format("{}", fmt::join(outcome.candidate.parts, "+"))] = *outcome.ratio;
    }
  }
  const auto ratio_of_parts = [&](const std::string& parts) {
    const auto found = ratios.find(parts);
    return found == ratios.end() ? std::nullopt : std::optional(found->second);
  };
  Gains gains;
  const auto add = [&](const Part& part, const TimeRatio& with, double without) {
    gains.push_back({part.name, with.ratio / without, shows_less(with.high, with.rounds, without)});
  };
  for (const Part& part : tuning_parts()) {
    const auto frozen = ratio_of_parts("python-freeze");
    const auto on_frozen = ratio_of_parts("python-freeze+" + part.name);
    const auto alone = ratio_of_parts(part.name);
    if (on_frozen && frozen) {
      add(part, *on_frozen, frozen->ratio);
    } else if (alone) {
      add(part, *alone, 1);
    }
  }
  return gains;
}

std::vector<TuneCandidate> Search::helpful_variants(const TuneCandidate& best) const {
  const CandidateOutcome* base = outcome_.find(best);
  const double time = base->ratio ? base->ratio->ratio : 1;
  std::vector<TuneCandidate> helpful;
  for (const TuneCandidate& variant : setting_variants(best, space_)) {
    const CandidateOutcome* outcome = outcome_.find(variant);
    if (outcome != nullptr && outcome->good() && outcome->ratio && outcome->ratio->ratio < 0.995 * time) {
      helpful.push_back(variant);
    }
  }
  return helpful;
}

std::set<std::string> Search::known_keys() const {
  std::set<std::string> keys;
  for (const CandidateOutcome& outcome : outcome_.candidates) {
    keys.insert(outcome.candidate.key());
  }
  return keys;
}

double Search::elapsed() const {
  return static_cast<double>(const_cast<SteadyClock&>(clock_).now() - start_) / ns_per_second;
}

void Search::tell(const std::string& doing) const {
  if (hooks_.progress) {
    hooks_.progress({.doing = doing,
                     .done = std::min(1.0, elapsed() / job_.max_seconds),
                     .eta_seconds = std::max(0.0, job_.max_seconds - elapsed())});
  }
}

Hooks Search::race_hooks(const std::string& step) const {
  Hooks hooks;
  hooks.stop = hooks_.stop;
  hooks.progress = [this, step](const Progress& progress) { tell(step + ": " + progress.doing); };
  return hooks;
}

} // namespace tsir
