#include "lib/bench/operators/operator_rounds.h"

#include "lib/bench/stats/statistics.h"
#include "lib/bench/timing/roster.h"

#include <cmath>

namespace tsir {
namespace {

constexpr double turn_ns = 1e6; // approximate duration of a turn's calls without the profile
constexpr double most_calls = 200;
constexpr size_t fewest_blocks = 3;          // in the first round, so that it has an interval even alone
constexpr double shortest_unwashed_ns = 2e6; // longer calls do not gain from data in the caches

class Profiler {
public:
  Profiler(const std::vector<ProfiledSource>& sources, const OperatorRoundsSettings& settings, Clock& clock,
           const Hooks& hooks)
      : sources_(sources), settings_(settings), clock_(clock), hooks_(hooks), random_(settings.seed),
        roster_(sources.size(), clock, hooks.stop) {}
  OperatorRounds run();

private:
  using Arms = std::vector<std::optional<ProfiledArm>>;
  void run_round(size_t number);
  Arms make_arms(size_t number);
  void warm(Arms& arms, size_t number);
  bool run_block(Arms& arms, ProfiledBlock& block);
  ProfiledTurn take_turn(const ProfiledArm& arm) const;
  void fail(Arms& arms, size_t arm, const std::exception& error);
  bool time_for_a_round() const;
  void tell(const std::string& doing, size_t number) const;

  const std::vector<ProfiledSource>& sources_;
  const OperatorRoundsSettings& settings_;
  Clock& clock_;
  const Hooks& hooks_;
  Random random_;
  Roster roster_;
  double call_ns_ = 0; // time of the fastest arm; 0 until known
  OperatorRounds result_;
};

OperatorRounds Profiler::run() {
  for (size_t number = 0;
       number < settings_.rounds && !roster_.living().empty() && !roster_.asked_to_stop() && time_for_a_round();
       ++number) {
    run_round(number);
  }
  result_.failures = roster_.failures();
  result_.interrupted = roster_.stopped();
  return std::move(result_);
}

void Profiler::run_round(size_t number) {
  Arms arms = make_arms(number);
  warm(arms, number);
  // Every round gets its share of the time.
  const double until = settings_.max_seconds * static_cast<double>(number + 1) / static_cast<double>(settings_.rounds);
  std::vector<ProfiledBlock> blocks;
  while (blocks.size() < settings_.blocks && !roster_.living().empty() && !roster_.asked_to_stop() &&
         (blocks.size() < (number == 0 ? fewest_blocks : 1) || roster_.elapsed() < until)) {
    tell("profiling operators", number);
    ProfiledBlock block(sources_.size());
    if (run_block(arms, block)) {
      blocks.push_back(std::move(block));
    }
  }
  if (!blocks.empty()) {
    result_.rounds.push_back(std::move(blocks));
  }
}

Profiler::Arms Profiler::make_arms(size_t number) {
  Arms arms(sources_.size());
  for (const size_t index : random_order(sources_.size(), random_)) {
    if (!roster_.alive(index) || roster_.asked_to_stop()) {
      continue;
    }
    tell("making " + sources_[index].name, number);
    try {
      arms[index] = sources_[index].make();
    } catch (const std::exception& error) {
      fail(arms, index, error);
    }
  }
  return arms;
}

void Profiler::warm(Arms& arms, size_t number) {
  WarmupSettings settings = settings_.warmup;
  settings.max_seconds = std::min(
      settings.max_seconds, settings_.max_seconds / (2.0 * static_cast<double>(settings_.rounds * sources_.size())));
  double fastest = std::numeric_limits<double>::infinity();
  for (const size_t index : roster_.living()) {
    if (roster_.asked_to_stop()) {
      return;
    }
    tell("warming up " + sources_[index].name, number);
    try {
      const Warmup warmup =
          warm_up({arms[index]->call}, index, settings, clock_, [this] { return roster_.asked_to_stop(); });
      fastest = std::min(fastest, *std::ranges::min_element(warmup.call_ns));
    } catch (const std::exception& error) {
      fail(arms, index, error);
    }
  }
  if (call_ns_ == 0 && std::isfinite(fastest)) {
    call_ns_ = std::max(fastest, 1.0);
    result_.calls_per_turn = static_cast<size_t>(std::clamp(std::round(turn_ns / call_ns_), 1.0, most_calls));
  }
}

// Returns false if it ended early; the block is then incomplete.
bool Profiler::run_block(Arms& arms, ProfiledBlock& block) {
  const std::vector<size_t> alive = roster_.living();
  std::vector<bool> seen(sources_.size());
  for (const size_t turn : balanced_order(alive.size(), random_)) {
    const size_t index = alive[turn];
    if (roster_.asked_to_stop()) {
      return false;
    }
    try {
      ProfiledTurn taken = take_turn(*arms[index]);
      if (!seen[index] || taken.operators_ns() < block[index].operators_ns()) {
        block[index] = std::move(taken);
      }
      seen[index] = true;
    } catch (const std::exception& error) {
      fail(arms, index, error);
      return false;
    }
  }
  return true;
}

ProfiledTurn Profiler::take_turn(const ProfiledArm& arm) const {
  const bool washout = call_ns_ < shortest_unwashed_ns;
  if (washout) {
    arm.call();
  }
  std::vector<double> calls(result_.calls_per_turn);
  for (double& call : calls) {
    const int64_t before = clock_.now();
    arm.call();
    call = static_cast<double>(clock_.now() - before);
  }
  // Uses the faster half, as the profile does, because a burst of other work lengthens whole calls.
  std::ranges::sort(calls);
  return {mean(std::span(calls).first((calls.size() + 1) / 2)), arm.profile(result_.calls_per_turn, washout)};
}

// Rounds have similar lengths, so one that would exceed the time by up to a fifth of its length is still begun.
bool Profiler::time_for_a_round() const {
  const double done = static_cast<double>(result_.rounds.size());
  return done == 0 || roster_.elapsed() * (1 + 0.8 / done) <= settings_.max_seconds;
}

void Profiler::fail(Arms& arms, size_t arm, const std::exception& error) {
  if (roster_.fail(arm, error)) {
    arms[arm].reset();
  }
}

void Profiler::tell(const std::string& doing, size_t number) const {
  if (hooks_.progress) {
    const double rounds = static_cast<double>(settings_.rounds);
    hooks_.progress({fmt::format("{}, round {} of {}", doing, number + 1, settings_.rounds),
                     static_cast<double>(number) / rounds, std::max(0.0, settings_.max_seconds - roster_.elapsed())});
  }
}

} // namespace

double ProfiledTurn::operators_ns() const {
  double sum = 0;
  for (const auto& [name, time] : operators) {
    sum += time.ns;
  }
  return sum;
}

OperatorRounds profile_rounds(const std::vector<ProfiledSource>& sources, const OperatorRoundsSettings& settings,
                              Clock& clock, const Hooks& hooks) {
  return Profiler(sources, settings, clock, hooks).run();
}

} // namespace tsir
