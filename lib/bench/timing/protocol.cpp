#include "lib/bench/timing/protocol.h"

#include "lib/bench/stats/statistics.h"
#include "lib/bench/timing/roster.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace tsir {
namespace {

// The arms of one round; those that failed are empty.
using Arms = std::vector<std::optional<Arm>>;

class Run {
public:
  Run(const std::vector<ArmSource>& sources, const ProtocolSettings& settings, Clock& clock, const Hooks& hooks)
      : sources_(sources), settings_(settings), clock_(clock), hooks_(hooks), random_(settings.seed),
        roster_(sources.size(), clock, hooks.stop) {}

  Measurement measure();

private:
  void run_round();
  std::vector<size_t> next_creation_order();
  Arms make_arms(Round& round);
  void warm_arms(Arms& arms, Round& round);
  void run_blocks(Arms& arms, Round& round);
  // Returns false if it ended early, by a failure or on request. The block is then incomplete, and is dropped.
  bool run_block(Arms& arms, const std::vector<size_t>& order, Block& block);
  void watch_plans(const Arms& arms, Round& round, std::vector<uint64_t>& plans, bool after);

  void fail(size_t arm, const std::exception& error, Arms& arms);
  void plan_from(const Round& round);
  void retire_arms();
  void publish_roster();
  bool knows_enough();
  bool time_for_another_round() const;
  bool time_for_another_block(const Round& round) const;
  void tell(const Round& round, const std::string& doing) const;

  const std::vector<ArmSource>& sources_;
  const ProtocolSettings& settings_;
  Clock& clock_;
  const Hooks& hooks_;
  Random random_;
  Roster roster_;
  Measurement result_;
  bool planned_ = false;
};

Measurement Run::measure() {
  result_.start = roster_.start();
  for (const ArmSource& source : sources_) {
    result_.arms.push_back(source.name);
  }
  result_.retired.resize(sources_.size());
  do {
    run_round();
  } while (result_.rounds.size() < result_.plan.rounds && !roster_.living().empty() && !roster_.asked_to_stop() &&
           !knows_enough() && time_for_another_round());
  publish_roster(); // the last question whether to go on may have received the stop
  const bool wanted_more = result_.rounds.size() < result_.plan.rounds && !roster_.living().empty() && !result_.enough;
  result_.out_of_time = result_.out_of_time || (wanted_more && !roster_.stopped());
  result_.seconds = roster_.elapsed();
  return std::move(result_);
}

void Run::run_round() {
  if (hooks_.before_round) {
    hooks_.before_round();
  }
  Round round;
  Arms arms = make_arms(round);
  if (!roster_.asked_to_stop()) {
    warm_arms(arms, round);
  }
  if (!planned_ && !roster_.stopped() && !roster_.living().empty()) {
    plan_from(round);
  }
  if (!roster_.stopped() && !roster_.living().empty()) {
    run_blocks(arms, round);
  }
  result_.rounds.push_back(std::move(round));
  publish_roster();
  if (hooks_.round_done) {
    hooks_.round_done(result_);
  }
  if (hooks_.retire && !roster_.stopped()) {
    retire_arms();
  }
}

// Rounds become shorter, so more of them fit into the time.
void Run::retire_arms() {
  const size_t before = roster_.living().size();
  for (const size_t arm : hooks_.retire(result_)) {
    roster_.retire(arm);
    result_.retired[arm] = true;
  }
  const size_t after = roster_.living().size();
  if (after == before || after == 0) {
    return;
  }
  Plan& plan = result_.plan;
  const double share = static_cast<double>(after) / static_cast<double>(before);
  plan.block_seconds *= share;
  plan.round_seconds *= share;
  const double left = std::max(0.0, settings_.max_seconds - roster_.elapsed());
  const auto more = static_cast<size_t>(left / std::max(plan.round_seconds, 1e-9));
  if (settings_.rounds == 0) {
    plan.rounds = std::max(plan.rounds, std::min(most_rounds, result_.rounds.size() + more));
    plan.looks = looks_within(plan.rounds);
  }
}

// Every second round reverses the order of the round before it, so that the effect of the place in the order cancels.
std::vector<size_t> Run::next_creation_order() {
  if (result_.rounds.size() % 2 == 0) {
    return random_order(sources_.size(), random_);
  }
  const std::vector<size_t>& last = result_.rounds.back().creation_order;
  return {last.rbegin(), last.rend()};
}

Arms Run::make_arms(Round& round) {
  Arms arms(sources_.size());
  round.creation_order = next_creation_order();
  round.make_seconds.resize(sources_.size());
  for (const size_t index : round.creation_order) {
    if (!roster_.alive(index) || roster_.asked_to_stop()) {
      continue;
    }
    tell(round, "making " + sources_[index].name);
    const int64_t before = clock_.now();
    try {
      arms[index] = sources_[index].make();
    } catch (const std::exception& error) {
      fail(index, error, arms);
    }
    round.make_seconds[index] = static_cast<double>(clock_.now() - before) / ns_per_second;
  }
  return arms;
}

void Run::warm_arms(Arms& arms, Round& round) {
  round.warmups.resize(sources_.size());
  // Warm-up of all arms in all rounds may take at most half of the time.
  WarmupSettings settings = settings_.warmup;
  const double rounds = static_cast<double>(planned_ ? result_.plan.rounds : std::max<size_t>(settings_.rounds, 5));
  const double share = settings_.max_seconds / (2.0 * rounds * static_cast<double>(sources_.size()));
  settings.max_seconds = std::min(settings.max_seconds, share);
  // In the order of creation: memory that first calls allocate would else always be that of the same arm first, and
  // arms that come later are faster by about 0.2 % for each place.
  for (const size_t index : round.creation_order) {
    if (!roster_.alive(index)) {
      continue;
    }
    tell(round, "warming up " + sources_[index].name);
    try {
      round.warmups[index] = warm_up(*arms[index], index, settings, clock_, [this] { return roster_.asked_to_stop(); });
    } catch (const ArmFailed& error) {
      fail(index, error, arms);
    }
    if (roster_.stopped()) {
      return;
    }
  }
}

void Run::run_blocks(Arms& arms, Round& round) {
  std::vector<uint64_t> plans(sources_.size());
  watch_plans(arms, round, plans, false);
  round.blocks.reserve(result_.plan.blocks);
  while (round.blocks.size() < result_.plan.blocks && !roster_.living().empty()) {
    tell(round, fmt::format("round {}/{}, block {}/{}", result_.rounds.size() + 1, result_.plan.rounds,
                            round.blocks.size() + 1, result_.plan.blocks));
    if (!time_for_another_block(round)) {
      result_.out_of_time = true;
      break;
    }
    const std::vector<size_t> alive = roster_.living();
    std::vector<size_t> order = balanced_order(alive.size(), random_);
    for (size_t& turn : order) {
      turn = alive[turn];
    }
    Block block;
    if (run_block(arms, order, block)) {
      round.blocks.push_back(std::move(block));
    } else if (roster_.stopped()) {
      break;
    }
  }
  watch_plans(arms, round, plans, true);
}

bool Run::run_block(Arms& arms, const std::vector<size_t>& order, Block& block) {
  block.slots.reserve(order.size());
  for (const size_t index : order) {
    if (roster_.asked_to_stop()) {
      return false;
    }
    try {
      block.slots.push_back(run_slot(*arms[index], index, result_.plan.slot, clock_));
    } catch (const ArmFailed& error) {
      fail(index, error, arms);
      return false;
    }
  }
  return true;
}

void Run::watch_plans(const Arms& arms, Round& round, std::vector<uint64_t>& plans, bool after) {
  for (const size_t index : roster_.living()) {
    if (!arms[index]->plan) {
      continue;
    }
    const uint64_t plan = arms[index]->plan();
    if (after && plan != plans[index]) {
      round.replanned.push_back(index);
    }
    plans[index] = plan;
  }
}

void Run::fail(size_t arm, const std::exception& error, Arms& arms) {
  if (roster_.fail(arm, error)) {
    arms[arm].reset();
  }
}

void Run::plan_from(const Round& round) {
  Costs costs;
  costs.round_seconds = roster_.elapsed();
  for (const size_t index : roster_.living()) {
    const std::vector<double>& calls = round.warmups[index].call_ns;
    const size_t window = std::min(calls.size(), settled_window(calls, settings_.warmup));
    costs.call_seconds.push_back(median(std::span(calls).last(window)) / ns_per_second);
  }
  result_.plan = make_plan(costs, settings_.max_seconds - roster_.elapsed(), settings_);
  planned_ = true;
}

// Updates the result, which hooks may read between rounds.
void Run::publish_roster() {
  result_.failures = roster_.failures();
  result_.interrupted = roster_.stopped();
}

bool Run::knows_enough() {
  const auto& looks = result_.plan.looks;
  const bool look = std::find(looks.begin(), looks.end(), result_.rounds.size()) != looks.end();
  result_.enough = look && hooks_.enough && hooks_.enough(result_);
  return result_.enough;
}

// A round that would exceed the time by up to a fifth of its length is still begun, because the estimate of its length
// is not more precise.
bool Run::time_for_another_round() const {
  return roster_.elapsed() + 0.8 * result_.plan.round_seconds <= settings_.max_seconds;
}

bool Run::time_for_another_block(const Round& round) const {
  const size_t fewest = std::min<size_t>(result_.plan.blocks, 3);
  return round.blocks.size() < fewest || roster_.elapsed() <= settings_.max_seconds;
}

void Run::tell(const Round& round, const std::string& doing) const {
  if (!hooks_.progress) {
    return;
  }
  Progress progress{doing, 0, 0, std::nullopt};
  if (planned_) {
    const Plan& plan = result_.plan;
    const double rounds = static_cast<double>(plan.rounds);
    const double blocks = static_cast<double>(result_.rounds.size() * plan.blocks + round.blocks.size());
    progress.done = blocks / (rounds * static_cast<double>(plan.blocks));
    const double left = (rounds * static_cast<double>(plan.blocks) - blocks) * plan.block_seconds;
    const double setup = plan.round_seconds - static_cast<double>(plan.blocks) * plan.block_seconds;
    progress.eta_seconds = left + setup * (rounds - static_cast<double>(result_.rounds.size()) - 1);
  }
  hooks_.progress(progress);
}

} // namespace

bool Round::counts(size_t arm) const {
  return std::ranges::find(replanned, arm) == replanned.end();
}

Measurement measure(const std::vector<ArmSource>& sources, const ProtocolSettings& settings, Clock& clock,
                    const Hooks& hooks) {
  return Run(sources, settings, clock, hooks).measure();
}

} // namespace tsir
