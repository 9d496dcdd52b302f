#include "lib/bench/estimate/estimate.h"
#include "tests/unit/bench_clock.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace tsir {
namespace {

TEST(Schedule, EveryArmHasTheSameMeanPosition) {
  Random random(3);
  std::set<std::vector<size_t>> seen;
  for (int block = 0; block < 50; ++block) {
    const std::vector<size_t> order = balanced_order(4, random);
    ASSERT_EQ(order.size(), 8U);
    std::map<size_t, size_t> positions;
    for (size_t i = 0; i < order.size(); ++i) {
      positions[order[i]] += i;
    }
    ASSERT_EQ(positions.size(), 4U);
    for (const auto& [arm, sum] : positions) {
      EXPECT_EQ(sum, 7U) << arm;
    }
    seen.insert(order);
  }
  EXPECT_GT(seen.size(), 15U) << "orders are random";
}

TEST(Schedule, TheSeedDecides) {
  Random one(5);
  Random two(5);
  EXPECT_EQ(balanced_order(9, one), balanced_order(9, two));
}

TEST(Warmup, SettlesWhenWindowsAgree) {
  const WarmupSettings settings;
  std::vector<double> calls = {9e6, 7e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6};
  EXPECT_FALSE(times_settled(calls, settings)) << "the window before has one call too few";
  calls.push_back(1.01e6);
  EXPECT_TRUE(times_settled(calls, settings));
  EXPECT_FALSE(times_settled({10e6, 10e6, 10e6, 10e6, 10e6, 9e6, 9e6, 9e6, 9e6, 9e6}, settings));
  EXPECT_FALSE(times_settled({}, settings));
}

TEST(Warmup, SlowCallsNeedFewer) {
  const WarmupSettings settings;
  EXPECT_EQ(settled_window({1e6}, settings), 5U);
  EXPECT_EQ(settled_window({20e6}, settings), 2U);
  EXPECT_EQ(settled_window({300e6}, settings), 2U);
  EXPECT_EQ(settled_window({10e3}, settings), 200U) << "the minimum of five very short calls is too noisy";
}

// The first call profiles, the second compiles, and from the third on calls are fast, as with LibTorch's executor.
TEST(Warmup, OutlastsACompiler) {
  SyntheticClock clock(1);
  clock.noise = 0.001;
  int calls = 0;
  const Arm arm{[&] { clock.work(++calls <= 2 ? 0.5 : 0.005); }, [&] { return static_cast<uint64_t>(calls > 2); }};
  const Warmup warmup = warm_up(arm, 0, {}, clock, {});
  EXPECT_TRUE(warmup.settled);
  EXPECT_EQ(warmup.call_ns.size(), 10U);
  EXPECT_GT(warmup.call_ns[1], 0.4e9);
  EXPECT_LT(warmup.call_ns.back(), 0.006e9);
}

TEST(Warmup, GivesUpOnAnArmThatNeverSettles) {
  SyntheticClock clock(1);
  double seconds = 0.01;
  const Arm arm{[&] { clock.work(seconds *= 0.98); }};
  const Warmup warmup = warm_up(arm, 0, {}, clock, {});
  EXPECT_FALSE(warmup.settled);
  EXPECT_EQ(warmup.call_ns.size(), 50U) << "50 calls, and 0.2 s";
}

TEST(Warmup, APlanThatKeepsChangingIsNotSettled) {
  SyntheticClock clock(1);
  clock.noise = 0;
  uint64_t plan = 0;
  const Arm arm{[&] { clock.work(0.01); }, [&] { return ++plan; }};
  EXPECT_FALSE(warm_up(arm, 0, {}, clock, {}).settled);
}

TEST(Slot, CountsItsCallsAndIgnoresTheWashout) {
  SyntheticClock clock(1);
  clock.noise = 0;
  int calls = 0;
  const Arm arm{[&] { clock.work(++calls == 1 ? 1.0 : 0.001); }};
  const Slot slot = run_slot(arm, 3, {.samples = 4, .calls_per_sample = 5, .washout = true}, clock);
  EXPECT_EQ(calls, 21);
  EXPECT_EQ(slot.arm, 3U);
  EXPECT_NEAR(slot.median_ns, 1e6, 1);
  EXPECT_EQ(slot.wall_ns, 20'000'000);
}

TEST(Slot, AnArmMayTakeItsOwnTimes) {
  SyntheticClock clock(1);
  size_t called = 0;
  Arm arm{
      [&] { ++called; },
      {},
      [](std::span<double> samples, size_t calls) { std::ranges::fill(samples, 100.0 * static_cast<double>(calls)); }};
  const Slot slot = run_slot(arm, 0, {.samples = 3, .calls_per_sample = 2, .washout = true}, clock);
  EXPECT_EQ(called, 1u); // the washout only
  EXPECT_EQ(slot.sample_ns, (std::vector<double>{200, 200, 200}));
}

TEST(Block, ValueIsTheSmallerSlotMedian) {
  Block block;
  for (const double value : {5.0, 3.0, 4.0}) {
    Slot slot;
    slot.arm = value == 4.0 ? 1 : 0;
    slot.median_ns = value;
    block.slots.push_back(slot);
  }
  EXPECT_DOUBLE_EQ(block.value(0), 3);
  EXPECT_DOUBLE_EQ(block.value(1), 4);
}

TEST(Plan, ManyRoundsOfTwelveBlocksWhereTimeAllows) {
  const Plan plan = make_plan({{0.001, 0.002}, 0.05}, 60, {});
  EXPECT_EQ(plan.rounds, 120U);
  EXPECT_EQ(plan.blocks, 12U);
  EXPECT_EQ(plan.looks, (std::vector<size_t>{5, 7, 9, 12, 16, 24, 36, 54, 80, 120}));
  EXPECT_EQ(plan.slot.samples, 1U);
  EXPECT_TRUE(plan.slot.washout);
}

TEST(Plan, RoundsThatAreCostlyToMakeGetMoreBlocks) {
  const Plan plan = make_plan({{0.001, 0.002}, 0.18}, 60, {});
  EXPECT_EQ(plan.blocks, 30U) << "two thirds of a round are timed";
  EXPECT_GT(plan.rounds, 80U);
  EXPECT_EQ(make_plan({{0.001, 0.002}, 1}, 60, {}).blocks, 36U) << "the most";
}

TEST(Plan, SlowModelsGetFewerBlocksThenFewerRounds) {
  const Plan nine = make_plan({{0.05, 0.05, 0.05}, 2}, 60, {});
  EXPECT_GE(nine.rounds, 9U);
  EXPECT_LT(nine.rounds, 24U);
  EXPECT_GE(nine.blocks, 6U) << "rounds come first, but not with hardly any blocks in them";
  const Plan fewer = make_plan({{0.2, 0.2, 0.2}, 4}, 50, {});
  EXPECT_EQ(fewer.rounds, 5U);
  EXPECT_LT(fewer.blocks, 12U);
  EXPECT_GE(fewer.blocks, 3U);
  const Plan alone = make_plan({{0.2, 0.2, 0.2}, 40}, 20, {});
  EXPECT_EQ(alone.rounds, 1U);
  EXPECT_GE(alone.blocks, 6U);
}

TEST(Plan, AsksAreKept) {
  ProtocolSettings settings;
  settings.rounds = 2;
  settings.blocks = 40;
  const Plan plan = make_plan({{0.001}, 0.1}, 60, settings);
  EXPECT_EQ(plan.rounds, 2U);
  EXPECT_EQ(plan.blocks, 40U);
  EXPECT_EQ(plan.looks, std::vector<size_t>{2}) << "no look before the end: more looks would make every one less sure";
}

TEST(Plan, ShortCallsAreTimedInBatches) {
  const SlotShape slot = choose_slot({3e-6, 5e-6}, 60);
  EXPECT_EQ(slot.calls_per_sample, 7U);
  EXPECT_GE(static_cast<double>(slot.calls()) * 3e-6, 1e-3);
}

TEST(Plan, AFastArmsManyCallsMustFitForASlowOneToo) {
  const SlotShape slot = choose_slot({1e-4, 2.0}, 60);
  EXPECT_LE(static_cast<double>(slot.calls()) * 2.0 * 12, 60);
  EXPECT_GE(slot.calls(), 1U);
  const Plan plan = make_plan({{1e-4, 2.0}, 10}, 40, {});
  EXPECT_EQ(plan.slot.calls(), 1U);
  EXPECT_FALSE(plan.slot.washout);
}

ProtocolSettings five_rounds() {
  ProtocolSettings settings;
  settings.rounds = 5;
  return settings;
}

Measurement measure_pair(SyntheticClock& clock, double ratio, uint64_t seed, double placement = 0) {
  ProtocolSettings settings;
  settings.seed = seed;
  settings.rounds = 5;
  return measure({synthetic_arm(clock, "a", 0.005, placement, 2 * seed),
                  synthetic_arm(clock, "b", 0.005 * ratio, placement, 2 * seed + 1)},
                 settings, clock);
}

TEST(Protocol, EqualArmsGiveIntervalsThatCoverOne) {
  int covered = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SyntheticClock clock(seed);
    clock.noise = 0.03;
    const auto ratio = ratio_between(measure_pair(clock, 1.0, seed, 0.01), 1, 0);
    covered += ratio->low <= 1 && 1 <= ratio->high;
  }
  EXPECT_GE(covered, 88);
  EXPECT_LE(covered, 100);
}

TEST(Protocol, ThreePerCentIsFound) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SyntheticClock clock(seed);
    clock.noise = 0.02;
    clock.burst_probability = 0.1;
    const auto ratio = ratio_between(measure_pair(clock, 1.03, seed), 1, 0);
    EXPECT_GT(ratio->low, 1) << seed;
    EXPECT_NEAR(ratio->ratio, 1.03, 0.01) << seed;
    EXPECT_EQ(ratio->rounds, 5U);
    EXPECT_GE(ratio->blocks, 60U);
    EXPECT_EQ(ratio->method, IntervalMethod::rounds_t);
  }
}

TEST(Protocol, ALinearDriftCancels) {
  SyntheticClock clock(1);
  clock.noise = 0;
  clock.drift_per_second = 0.05;
  const Measurement measurement = measure_pair(clock, 1.0, 1);
  EXPECT_GT(measurement.seconds * clock.drift_per_second, 0.03) << "there was a drift to cancel";
  const auto ratio = ratio_between(measurement, 1, 0);
  EXPECT_NEAR(ratio->ratio, 1, 0.001);
}

TEST(Protocol, AllArmsGetTheSameNumberOfCalls) {
  SyntheticClock clock(1);
  std::vector<int> calls(3);
  std::vector<ArmSource> sources;
  for (size_t i = 0; i < calls.size(); ++i) {
    sources.push_back({std::to_string(i), [&, i] {
                         return Arm{[&, i] {
                                      ++calls[i];
                                      clock.work(0.004 * static_cast<double>(i + 1));
                                    },
                                    {}};
                       }});
  }
  const Measurement measurement = measure(sources, five_rounds(), clock);
  for (size_t arm = 0; arm < calls.size(); ++arm) {
    EXPECT_EQ(summarize(measurement, arm)->calls, 120U);
  }
  EXPECT_NEAR(summarize(measurement, 2)->median, 12e6, 0.1e6);
}

TEST(Protocol, OneRoundIsSaidToBeOnePlacement) {
  SyntheticClock clock(1);
  ProtocolSettings settings;
  settings.rounds = 1;
  settings.blocks = 4;
  const auto sources = {synthetic_arm(clock, "a", 0.01), synthetic_arm(clock, "b", 0.02)};
  const auto few = ratio_between(measure(sources, settings, clock), 1, 0);
  EXPECT_EQ(few->method, IntervalMethod::blocks_wilcoxon);
  EXPECT_DOUBLE_EQ(few->level, 1 - 2.0 / 16);
  EXPECT_LT(few->level, few->asked) << "four blocks cannot reach 95 %";
  settings.blocks = 6;
  const auto more = ratio_between(measure(sources, settings, clock), 1, 0);
  EXPECT_GE(more->level, 0.95);
  EXPECT_GT(more->low, 1);
}

TEST(Protocol, AnArmThatThrowsIsLeftOutAndTheOthersGoOn) {
  SyntheticClock clock(1);
  int calls = 0;
  const ArmSource failing{"failing", [&] {
                            return Arm{[&] {
                                         clock.work(0.005);
                                         if (++calls > 60) {
                                           throw std::runtime_error("boom\nstack");
                                         }
                                       },
                                       {}};
                          }};
  const Measurement measurement =
      measure({synthetic_arm(clock, "a", 0.005), failing, synthetic_arm(clock, "c", 0.005)}, five_rounds(), clock);
  EXPECT_EQ(measurement.failures[0], "");
  EXPECT_NE(measurement.failures[1].find("boom"), std::string::npos);
  EXPECT_FALSE(ratio_between(measurement, 1, 0).has_value());
  EXPECT_FALSE(summarize(measurement, 1).has_value());
  const auto ratio = ratio_between(measurement, 2, 0);
  ASSERT_TRUE(ratio.has_value());
  EXPECT_EQ(ratio->rounds, 5U);
}

TEST(Protocol, TheTimeLimitEndsIt) {
  SyntheticClock clock(1);
  ProtocolSettings settings;
  settings.max_seconds = 2;
  settings.rounds = 1000;
  const Measurement measurement =
      measure({synthetic_arm(clock, "a", 0.01), synthetic_arm(clock, "b", 0.01)}, settings, clock);
  EXPECT_TRUE(measurement.out_of_time);
  EXPECT_LT(measurement.seconds, 3);
  EXPECT_TRUE(ratio_between(measurement, 1, 0).has_value());
}

TEST(Protocol, StoppingKeepsWhatIsKnown) {
  SyntheticClock clock(1);
  const Hooks hooks{[&] { return clock.now() > 900'000'000; }, {}};
  const Measurement measurement =
      measure({synthetic_arm(clock, "a", 0.005), synthetic_arm(clock, "b", 0.01)}, {}, clock, hooks);
  EXPECT_TRUE(measurement.interrupted);
  EXPECT_LT(measurement.rounds.size(), 5U);
  const auto ratio = ratio_between(measurement, 1, 0);
  ASSERT_TRUE(ratio.has_value());
  EXPECT_NEAR(ratio->ratio, 2, 0.1);
}

TEST(Protocol, StoppingAtOnceGivesNothingAndDoesNotHang) {
  SyntheticClock clock(1);
  const Hooks hooks{[] { return true; }, {}};
  const Measurement measurement = measure({synthetic_arm(clock, "a", 0.005)}, {}, clock, hooks);
  EXPECT_TRUE(measurement.interrupted);
  EXPECT_FALSE(summarize(measurement, 0).has_value());
}

TEST(Protocol, APlanThatChangesWhileTimedVoidsTheRound) {
  SyntheticClock clock(1);
  int calls = 0;
  const ArmSource changing{"changing", [&] {
                             return Arm{[&] {
                                          ++calls;
                                          clock.work(0.005);
                                        },
                                        [&] { return static_cast<uint64_t>(calls > 20); }};
                           }};
  const Measurement measurement = measure({synthetic_arm(clock, "a", 0.005), changing}, five_rounds(), clock);
  EXPECT_EQ(measurement.rounds[0].replanned, std::vector<size_t>{1});
  EXPECT_EQ(ratio_between(measurement, 1, 0)->rounds, 4U);
}

TEST(Protocol, ProgressRunsFromNothingToNearlyAll) {
  SyntheticClock clock(1);
  std::vector<double> done;
  const Hooks hooks{{}, [&](const Progress& progress) { done.push_back(progress.done); }};
  measure({synthetic_arm(clock, "a", 0.005)}, {}, clock, hooks);
  EXPECT_EQ(done.front(), 0);
  EXPECT_GT(done.back(), 0.95);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
}

TEST(Protocol, CreationOrderIsRandomAndSeeded) {
  const auto orders = [](uint64_t seed) {
    SyntheticClock clock(1);
    ProtocolSettings settings;
    settings.seed = seed;
    std::vector<std::vector<size_t>> result;
    for (const Round& round :
         measure({synthetic_arm(clock, "a", 0.005), synthetic_arm(clock, "b", 0.005), synthetic_arm(clock, "c", 0.005)},
                 settings, clock)
             .rounds) {
      result.push_back(round.creation_order);
    }
    return result;
  };
  EXPECT_EQ(orders(4), orders(4));
  EXPECT_NE(orders(4), orders(5));
  const auto some = orders(4);
  EXPECT_GT(std::set(some.begin(), some.end()).size(), 2U);
  for (size_t round = 0; round + 1 < some.size(); round += 2) {
    EXPECT_TRUE(std::ranges::equal(some[round], some[round + 1] | std::views::reverse)) << round;
  }
}

TEST(Protocol, ArmsAreWarmedUpInTheOrderOfCreation) {
  SyntheticClock clock(1);
  std::vector<size_t> first_calls;
  std::vector<ArmSource> sources;
  for (size_t i = 0; i < 3; ++i) {
    sources.push_back({std::to_string(i), [&, i] {
                         return Arm{[&, i, called = false]() mutable {
                           if (!called) {
                             first_calls.push_back(i);
                           }
                           called = true;
                           clock.work(0.005);
                         }};
                       }});
  }
  std::vector<size_t> created;
  for (const Round& round : measure(sources, five_rounds(), clock).rounds) {
    created.insert(created.end(), round.creation_order.begin(), round.creation_order.end());
  }
  EXPECT_EQ(first_calls, created);
}

} // namespace
} // namespace tsir
