// How the scatter between rounds is split into noise in time and placement, on synthetic measurements.
#include "lib/bench/estimate/noise.h"

#include "tests/unit/bench_clock.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

Effects measured_effects(double placement, uint64_t seed, size_t rounds = 30) {
  SyntheticClock clock(seed);
  clock.noise = 0.03;
  ProtocolSettings settings;
  settings.seed = seed;
  settings.rounds = rounds;
  const Measurement measurement = measure({synthetic_arm(clock, "a", 0.005, placement, 2 * seed),
                                           synthetic_arm(clock, "b", 0.00515, placement, 2 * seed + 1)},
                                          settings, clock);
  return *effects_of(measurement, 1, 0);
}

TEST(RoundNoise, WithoutPlacementIsNoiseInTime) {
  size_t alarms = 0;
  double between = 0;
  double within = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const RoundNoise noise = round_noise(measured_effects(0, seed));
    ASSERT_TRUE(noise.within.has_value());
    between += noise.rounds * noise.rounds;
    within += *noise.within * *noise.within;
    alarms += noise.more_than_within ? 1 : 0;
  }
  EXPECT_NEAR(between / within, 1, 0.15);
  EXPECT_LE(alarms, 3U) << "a test at 1 %";
}

TEST(RoundNoise, FindsPlacement) {
  double sum = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const RoundNoise noise = round_noise(measured_effects(0.02, seed));
    EXPECT_TRUE(noise.more_than_within) << seed;
    sum += noise.placement();
  }
  EXPECT_NEAR(sum / 40, 0.02 * std::sqrt(2.0), 0.003) << "of both arms together";
}

TEST(RoundNoise, OneProcessInTwentySeesMoreOrLess) {
  constexpr double placement = 0.02;
  std::mt19937_64 random(7);
  std::normal_distribution<double> draw(std::log(1.03), placement * std::sqrt(2.0));
  size_t outside = 0;
  constexpr size_t processes = 2000;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Effects effects = measured_effects(placement, seed);
    const Interval ratios = process_ratios(effects, round_noise(effects));
    for (size_t i = 0; i < processes / 20; ++i) {
      const double ratio = std::exp(draw(random));
      outside += ratio < ratios.low || ratio > ratios.high ? 1 : 0;
    }
  }
  EXPECT_NEAR(static_cast<double>(outside) / processes, 0.05, 0.025);
}

TEST(RoundNoise, FewBlocksOrRoundsTellNothing) {
  const RoundNoise few_blocks = round_noise(Effects{{0.01, 0.02, 0.03, 0.01, 0.02}, {}, {}, 10});
  EXPECT_FALSE(few_blocks.within.has_value());
  EXPECT_FALSE(few_blocks.more_than_within);
  EXPECT_EQ(few_blocks.placement(), 0);
  EXPECT_FALSE(round_noise(measured_effects(0.1, 1, 3)).more_than_within) << "three rounds";
}

} // namespace
} // namespace tsir
