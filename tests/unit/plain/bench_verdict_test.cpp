// Verdicts on synthetic effects, and on complete measurements of synthetic arms: how often each is wrong.
#include "lib/bench/estimate/verdict.h"

#include "tests/unit/bench_clock.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>

namespace tsir {
namespace {

Question question(std::vector<double> effects, size_t looks = 1) {
  const size_t blocks = effects.size() * 12;
  return {{std::move(effects), {}, {}, blocks}, looks};
}

// `count` effects with exactly this mean and standard deviation.
std::vector<double> effects(double mean, double deviation, size_t count = 10) {
  std::vector<double> values;
  for (size_t i = 0; i < count; ++i) {
    values.push_back(i % 2 == 0 ? 1.0 : -1.0);
  }
  const double scale = deviation * std::sqrt(static_cast<double>(count - 1) / static_cast<double>(count));
  for (double& value : values) {
    value = mean + scale * value;
  }
  return values;
}

Outcome outcome(double mean, double deviation) {
  return decide({question(effects(mean, deviation))}, {}).front().outcome;
}

TEST(Verdict, GoesByTheBand) {
  EXPECT_EQ(outcome(-0.03, 0.005), Outcome::faster);
  EXPECT_EQ(outcome(0.03, 0.005), Outcome::slower);
  EXPECT_EQ(outcome(0.0, 0.005), Outcome::same);
  EXPECT_EQ(outcome(0.004, 0.003), Outcome::same) << "a real difference, but inside the band";
  EXPECT_EQ(outcome(0.012, 0.01), Outcome::small);
  EXPECT_EQ(outcome(0.012, 0.05), Outcome::inconclusive);
  EXPECT_EQ(outcome(0.0, 0.05), Outcome::inconclusive) << "no difference found is not the same as none";
}

TEST(Verdict, TheBandIsTheUsers) {
  const std::vector<Question> three_per_cent = {question(effects(0.03, 0.005))};
  EXPECT_EQ(decide(three_per_cent, {0.05, 0.05}).front().outcome, Outcome::same);
  EXPECT_EQ(decide(three_per_cent, {0.05, 0.02}).front().outcome, Outcome::slower);
}

TEST(Verdict, TheIntervalIsTheOneThatDecided) {
  const Decision decision = decide({question(effects(0.05, 0.01), 4)}, {}).front();
  EXPECT_DOUBLE_EQ(decision.ratio.level, 1 - 0.05 / 4);
  const double t = boost::math::quantile(boost::math::students_t(9), 1 - 0.05 / 8);
  EXPECT_NEAR(decision.resolution, t * 0.01 / std::sqrt(10.0), 1e-9);
  EXPECT_NEAR(std::log(decision.ratio.high), 0.05 + decision.resolution, 1e-9);
}

TEST(Verdict, HolmGivesTheSurestTheHardestTest) {
  const std::vector<Question> three = {question(effects(0.0, 0.004)), question(effects(-0.5, 0.004)),
                                       question(effects(0.2, 0.004))};
  const std::vector<Decision> decisions = decide(three, {});
  EXPECT_EQ(decisions[1].outcome, Outcome::faster);
  EXPECT_DOUBLE_EQ(decisions[1].ratio.level, 1 - 0.05 / 3);
  EXPECT_EQ(decisions[2].outcome, Outcome::slower);
  EXPECT_DOUBLE_EQ(decisions[2].ratio.level, 1 - 0.05 / 2);
  EXPECT_EQ(decisions[0].outcome, Outcome::same);
  EXPECT_DOUBLE_EQ(decisions[0].ratio.level, 1 - 0.05);
  // An undecided comparison keeps its share of the error rate: all later ones are held to the same level.
  const std::vector<Decision> open = decide({question(effects(0.0, 0.1)), question(effects(0.01, 0.1))}, {});
  EXPECT_DOUBLE_EQ(open[0].ratio.level, 1 - 0.05 / 2);
  EXPECT_DOUBLE_EQ(open[1].ratio.level, 1 - 0.05 / 2);
}

TEST(Verdict, QuestionsWithoutAnAnswerYetCount) {
  EXPECT_DOUBLE_EQ(decide({question(effects(0.0, 0.1))}, {}, 10).front().ratio.level, 1 - 0.05 / 10);
}

TEST(Verdict, SaysHowManyRoundsItWouldTake) {
  const Decision open = decide({question(effects(0.0, 0.02))}, {}).front();
  ASSERT_EQ(open.outcome, Outcome::inconclusive);
  ASSERT_TRUE(open.rounds_needed.has_value());
  const size_t needed = *open.rounds_needed + *open.rounds_needed % 2; // effects() wants an even number
  EXPECT_EQ(decide({question(effects(0.0, 0.02, needed))}, {}).front().outcome, Outcome::same);
  EXPECT_NE(decide({question(effects(0.0, 0.02, needed - 4))}, {}).front().outcome, Outcome::same);
  EXPECT_FALSE(decide({question(effects(0.00995, 0.02))}, {}).front().rounds_needed.has_value()) << "at the edge";
  EXPECT_FALSE(decide({question(effects(0.1, 0.02))}, {}).front().rounds_needed.has_value()) << "decided";
}

TEST(Verdict, OneRoundOfFewBlocksDecidesNothing) {
  Question alone{{{0.5}, {}, {0.5, 0.51, 0.49, 0.5}, 4}, 1};
  EXPECT_EQ(decide({alone}, {}).front().outcome, Outcome::inconclusive) << "four blocks cannot reach 95 %";
  alone.effects.last_blocks = {0.5, 0.51, 0.49, 0.5, 0.52, 0.48};
  EXPECT_EQ(decide({alone}, {}).front().outcome, Outcome::slower);
}

TEST(Verdict, SignFlipsAreCountedExactly) {
  EXPECT_DOUBLE_EQ(sign_flip_p(std::vector<double>{1, 2, 3}), 2.0 / 8);
  EXPECT_DOUBLE_EQ(sign_flip_p(std::vector<double>{1, -1}), 1);
  EXPECT_DOUBLE_EQ(sign_flip_p(std::vector<double>(10, 0.1)), 2.0 / 1024);
  EXPECT_NEAR(sign_flip_p(effects(0.004, 0.02, 30)), 0.32, 0.07); // t = 1.1 on 29 degrees of freedom: 0.28
}

TEST(Looks, GoAsFarAsTheRoundsDo) {
  EXPECT_EQ(looks_within(120), (std::vector<size_t>{5, 7, 9, 12, 16, 24, 36, 54, 80, 120}));
  EXPECT_EQ(looks_within(10), (std::vector<size_t>{5, 7, 9, 10}));
  EXPECT_EQ(looks_within(5), std::vector<size_t>{5});
  EXPECT_EQ(looks_within(2), std::vector<size_t>{2});
}

struct Trial {
  Outcome outcome;
  double low;
  double high;
  size_t rounds;
};

// A measurement of two arms with this number of rounds (0: as many as needed, with early stopping) on a machine that is
// as noisy as typical shared machines.
Trial trial(double ratio, uint64_t seed, double placement, double noise = 0.02, double bursts = 0.1,
            size_t rounds = 0) {
  SyntheticClock clock(seed);
  clock.noise = noise;
  clock.burst_probability = bursts;
  clock.drift_per_second = 0.001;
  ProtocolSettings settings;
  settings.seed = seed;
  settings.rounds = rounds;
  Hooks hooks;
  hooks.enough = [](const Measurement& measurement) {
    const auto known = effects_of(measurement, 1, 0);
    return known && settled(decide({{*known, measurement.plan.looks.size()}}, {}).front().outcome);
  };
  const Measurement measurement = measure({synthetic_arm(clock, "a", 0.005, placement, 2 * seed),
                                           synthetic_arm(clock, "b", 0.005 * ratio, placement, 2 * seed + 1)},
                                          settings, clock, hooks);
  const Decision decision = decide({{*effects_of(measurement, 1, 0), measurement.plan.looks.size()}}, {}).front();
  return {decision.outcome, decision.ratio.low, decision.ratio.high, measurement.rounds.size()};
}

TEST(Verdict, EqualArmsAreNeverCalledDifferent) {
  size_t same = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    const Trial result = trial(1.0, seed, 0.003);
    EXPECT_NE(result.outcome, Outcome::faster) << seed;
    EXPECT_NE(result.outcome, Outcome::slower) << seed;
    same += result.outcome == Outcome::same ? 1 : 0;
  }
  EXPECT_GE(same, 95U) << "and nearly always the same";
}

TEST(Verdict, NorAreTheyWherePlacementIsBad) {
  size_t wrong = 0;
  size_t same = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    const Outcome result = trial(1.0, seed, 0.012).outcome;
    wrong += result == Outcome::faster || result == Outcome::slower ? 1 : 0;
    same += result == Outcome::same ? 1 : 0;
  }
  EXPECT_EQ(wrong, 0U);
  EXPECT_GE(same, 90U) << "it takes more rounds, which there is time for";
}

TEST(Verdict, ThreePerCentIsFoundWithItsSign) {
  size_t found = 0;
  size_t covered = 0;
  size_t rounds = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    const Trial result = trial(1.03, seed, 0.003);
    EXPECT_NE(result.outcome, Outcome::faster) << seed;
    EXPECT_NE(result.outcome, Outcome::same) << seed;
    found += result.outcome == Outcome::slower ? 1 : 0;
    covered += result.low <= 1.03 && 1.03 <= result.high ? 1 : 0;
    rounds += result.rounds;
  }
  EXPECT_GE(found, 98U);
  EXPECT_GE(covered, 95U);
  EXPECT_LT(rounds, 100U * 12) << "most end early";
}

TEST(Verdict, IntervalsHoldTheTruthAsOftenAsTheySay) {
  constexpr size_t trials = 400;
  size_t covered = 0;
  for (uint64_t seed = 1; seed <= trials; ++seed) {
    const Trial result = trial(1.02, seed, 0.01, 0.02, 0.1, 6);
    covered += result.low <= 1.02 && 1.02 <= result.high ? 1 : 0;
  }
  EXPECT_GE(covered, trials * 93 / 100) << "at a level of 95 %";
  EXPECT_LE(covered, trials * 99 / 100) << "nor are they wider than they need be";
}

// The effects of the rounds if each block counted the smaller slot of each arm.
std::vector<double> effects_of_smaller_slots(const Measurement& measurement) {
  std::vector<double> effects;
  for (const Round& round : measurement.rounds) {
    std::vector<double> blocks;
    for (const Block& block : round.blocks) {
      blocks.push_back(std::log(block.value(1) / block.value(0)));
    }
    effects.push_back(hodges_lehmann(blocks));
  }
  return effects;
}

// Some machines change between two speeds, each for a part of a second.
TEST(Verdict, AMachineOfTwoSpeedsHidesNothing) {
  double scatter = 0;
  double scatter_of_smaller_slots = 0;
  std::vector<double> estimates;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SyntheticClock clock(seed);
    clock.noise = 0.03;
    clock.slow_seconds = 0.031;
    ProtocolSettings settings;
    settings.seed = seed;
    settings.rounds = 8;
    const Measurement measurement =
        measure({synthetic_arm(clock, "a", 0.005), synthetic_arm(clock, "b", 0.0051)}, settings, clock);
    const auto effects = effects_of(measurement, 1, 0);
    const Ratio ratio = ratio_of(*effects, 0.999);
    EXPECT_TRUE(ratio.low < 1.02 && 1.02 < ratio.high) << seed;
    estimates.push_back(ratio.ratio);
    scatter += standard_deviation(effects->rounds);
    scatter_of_smaller_slots += standard_deviation(effects_of_smaller_slots(measurement));
  }
  EXPECT_LT(scatter, 0.8 * scatter_of_smaller_slots);
  EXPECT_NEAR(mean(estimates), 1.02, 0.002) << "and the estimate has no bias";
}

TEST(Verdict, TwoPerCentIsFoundUnderLoad) {
  size_t found = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Trial result = trial(1.0 / 1.02, seed, 0.003, 0.02, 0.15);
    EXPECT_NE(result.outcome, Outcome::slower) << seed;
    found += result.outcome == Outcome::faster ? 1 : 0;
  }
  EXPECT_GE(found, 54U);
}

} // namespace
} // namespace tsir
