#include "lib/bench/timing/plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace tsir {
namespace {

constexpr double shortest_slot = 1e-3;
constexpr double shortest_sample = 20e-6;
constexpr double washout_below = 2e-3;
// The number of blocks in a round: at least enough for a good estimate; more if making the round's instances takes so
// long that less than two thirds of its time would be timed.
constexpr size_t usual_blocks = 12;
constexpr size_t most_blocks = 36;
constexpr double timed_per_setup = 2;
constexpr size_t rounds_for_more_blocks = 12; // with fewer, further rounds are worth more than further blocks
// For some models, memory placement varies times by 1.5 to 2 % between rounds; to show that they are the same within 1
// % takes 40 to 80 rounds. Later looks make the intervals of early ones only slightly wider (by a tenth after 5
// rounds).
constexpr std::array<size_t, 10> look_after{5, 7, 9, 12, 16, 24, 36, 54, 80, most_rounds};
constexpr size_t fewest_blocks = 3;       // in one of several rounds
constexpr size_t good_blocks = 6;         // with fewer, a round is not worth the time to make its instances
constexpr size_t fewest_blocks_alone = 6; // in a single round: the minimum for a 95 % Wilcoxon interval

size_t times_to_fill(double total, double part) {
  return static_cast<size_t>(std::max(1.0, std::ceil(total / std::max(part, 1e-9))));
}

size_t useful_blocks(double block_seconds, double setup_seconds) {
  const double wanted = std::ceil(timed_per_setup * setup_seconds / std::max(block_seconds, 1e-9));
  return static_cast<size_t>(std::clamp(wanted, static_cast<double>(usual_blocks), static_cast<double>(most_blocks)));
}

// The number of blocks in a round with which `rounds` rounds fit.
size_t fitting_blocks(size_t rounds, double block_seconds, double setup_seconds, double available) {
  const double left = available - static_cast<double>(rounds - 1) * setup_seconds;
  const double fitting = left / (static_cast<double>(rounds) * std::max(block_seconds, 1e-9));
  const auto useful = static_cast<double>(useful_blocks(block_seconds, setup_seconds));
  return static_cast<size_t>(std::clamp(std::floor(fitting), 0.0, useful));
}

struct Choice {
  size_t rounds;
  size_t blocks;
};

// The number of rounds that fit with this number of blocks.
size_t fitting_rounds(size_t fewest, size_t blocks, double block_seconds, double setup_seconds, double available) {
  const double timed = static_cast<double>(blocks) * block_seconds;
  const double more = (available - timed) / std::max(setup_seconds + timed, 1e-9); // the first is already set up
  return std::max(fewest, static_cast<size_t>(std::clamp(1 + std::floor(more), 1.0, static_cast<double>(most_rounds))));
}

Choice choose(double block_seconds, const Costs& costs, double available, const ProtocolSettings& settings) {
  // Memory placement differs between rounds, and more blocks do not average that out, so rounds have priority.
  std::vector<size_t> candidates = {9, 5, 4, 3};
  if (settings.rounds > 0) {
    candidates = {settings.rounds};
  }
  for (const size_t rounds : candidates) {
    const size_t fitting = fitting_blocks(rounds, block_seconds, costs.round_seconds, available);
    const size_t wanted = settings.blocks > 0 ? std::min(settings.blocks, usual_blocks)
                          : rounds > 5        ? good_blocks
                                              : fewest_blocks;
    if (fitting < wanted) {
      continue;
    }
    const bool exactly = settings.rounds > 0;
    const auto rounds_with = [&](size_t blocks) {
      return exactly ? rounds : fitting_rounds(rounds, blocks, block_seconds, costs.round_seconds, available);
    };
    size_t blocks = settings.blocks > 0 ? settings.blocks : fitting;
    if (settings.blocks == 0 && rounds_with(blocks) < rounds_for_more_blocks) {
      blocks = std::min(blocks, usual_blocks);
    }
    return {rounds_with(blocks), blocks};
  }
  // The time is too short for several rounds: one round, unless the user gave a number. If more were requested than
  // fit, the time limit ends the measurement early.
  const size_t rounds = settings.rounds > 0 ? settings.rounds : 1;
  if (settings.blocks > 0) {
    return {rounds, settings.blocks};
  }
  const size_t fewest = rounds > 1 ? fewest_blocks : fewest_blocks_alone;
  return {rounds, std::max(fewest, fitting_blocks(rounds, block_seconds, costs.round_seconds, available))};
}

} // namespace

std::vector<size_t> looks_within(size_t most) {
  std::vector<size_t> looks;
  for (const size_t look : look_after) {
    if (look < most) {
      looks.push_back(look);
    }
  }
  looks.push_back(most);
  return looks;
}

SlotShape choose_slot(const std::vector<double>& call_seconds, double available) {
  const double fastest = *std::min_element(call_seconds.begin(), call_seconds.end());
  SlotShape slot;
  slot.calls_per_sample = times_to_fill(shortest_sample, fastest);
  slot.samples = times_to_fill(shortest_slot, fastest * static_cast<double>(slot.calls_per_sample));
  slot.washout = fastest < washout_below;

  const double all = std::accumulate(call_seconds.begin(), call_seconds.end(), 0.0);
  const double affordable = available / (2.0 * static_cast<double>(fewest_blocks_alone) * std::max(all, 1e-9));
  const auto most_calls = static_cast<size_t>(std::clamp(affordable, 1.0, 1e9));
  slot.washout = slot.washout && most_calls > 1;
  slot.calls_per_sample = std::min(slot.calls_per_sample, most_calls);
  slot.samples = std::clamp<size_t>(most_calls / slot.calls_per_sample, 1, slot.samples);
  return slot;
}

Plan make_plan(const Costs& costs, double available, const ProtocolSettings& settings) {
  Plan plan;
  plan.slot = choose_slot(costs.call_seconds, available);
  const double calls = static_cast<double>(plan.slot.calls() + (plan.slot.washout ? 1 : 0));
  for (const double seconds : costs.call_seconds) {
    plan.block_seconds += 2 * calls * seconds;
  }
  const Choice choice = choose(plan.block_seconds, costs, available, settings);
  plan.rounds = choice.rounds;
  plan.blocks = choice.blocks;
  plan.looks = settings.rounds > 0 ? std::vector{choice.rounds} : looks_within(choice.rounds);
  plan.round_seconds = costs.round_seconds + static_cast<double>(plan.blocks) * plan.block_seconds;
  return plan;
}

} // namespace tsir
