#include "lib/bench/stats/statistics.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace tsir {
namespace {

// Expected values from numpy 2.2 and scipy 1.15.
TEST(Statistics, PercentilesAreNumpys) {
  const std::vector<double> values = {7, 1, 3, 15, 4};
  EXPECT_DOUBLE_EQ(percentile(values, 0), 1);
  EXPECT_DOUBLE_EQ(percentile(values, 0.5), 4);
  EXPECT_DOUBLE_EQ(percentile(values, 0.9), 11.8);
  EXPECT_DOUBLE_EQ(percentile(values, 0.25), 3);
  EXPECT_DOUBLE_EQ(percentile(values, 1), 15);
  EXPECT_DOUBLE_EQ(percentile(std::vector<double>{2.5}, 0.9), 2.5);
  EXPECT_DOUBLE_EQ(median(std::vector<double>{4, 1, 3, 2}), 2.5);
}

TEST(Statistics, MeanAndDeviation) {
  EXPECT_DOUBLE_EQ(mean(std::vector<double>{1, 2, 6}), 3);
  EXPECT_DOUBLE_EQ(standard_deviation(std::vector<double>{1, 2, 6}), std::sqrt(7.0));
  EXPECT_DOUBLE_EQ(standard_deviation(std::vector<double>{5}), 0);
}

TEST(Statistics, HodgesLehmannIgnoresAnOutlier) {
  EXPECT_DOUBLE_EQ(hodges_lehmann(std::vector<double>{1, 2, 3}), 2);
  EXPECT_DOUBLE_EQ(hodges_lehmann(std::vector<double>{1, 2, 3, 4, 1000}), 3.0);
}

TEST(Statistics, WilcoxonIntervalCutsWalshAverages) {
  // n = 8: P(W <= 3) = 5/256 is the most that fits into a tail of 2.5 %, so three averages are removed at each end.
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8};
  const Interval interval = wilcoxon_interval(values, 0.95);
  EXPECT_DOUBLE_EQ(interval.estimate, 4.5);
  const std::vector<double> averages = walsh_averages(values);
  EXPECT_DOUBLE_EQ(interval.low, averages[3]);
  EXPECT_DOUBLE_EQ(interval.high, averages[averages.size() - 4]);
  EXPECT_DOUBLE_EQ(interval.level, 1 - 2 * 5.0 / 256);
}

TEST(Statistics, WilcoxonIntervalSaysWhatFewValuesReach) {
  const Interval interval = wilcoxon_interval(std::vector<double>{1, 2, 3}, 0.95);
  EXPECT_DOUBLE_EQ(interval.low, 1);
  EXPECT_DOUBLE_EQ(interval.high, 3);
  EXPECT_DOUBLE_EQ(interval.level, 0.75);
}

TEST(Statistics, StudentsInterval) {
  const Interval interval = t_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.95);
  EXPECT_DOUBLE_EQ(interval.estimate, 3);
  EXPECT_NEAR(interval.high - interval.estimate, 2.7764451 * std::sqrt(2.5) / std::sqrt(5.0), 1e-6);
  EXPECT_EQ(t_interval(std::vector<double>{1}, 0.95).high, std::numeric_limits<double>::infinity());
}

// Over many samples of a known distribution, both kinds of interval must contain the true value as often as claimed.
TEST(Statistics, IntervalsCoverTheTruth) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal(10, 2);
  for (const size_t size : {8U, 60U}) {
    int wilcoxon = 0;
    int student = 0;
    const int trials = 1000;
    for (int trial = 0; trial < trials; ++trial) {
      std::vector<double> values(size);
      for (double& value : values) {
        value = normal(random);
      }
      const Interval w = wilcoxon_interval(values, 0.95);
      const Interval t = t_interval(values, 0.95);
      wilcoxon += w.low <= 10 && 10 <= w.high;
      student += t.low <= 10 && 10 <= t.high;
    }
    EXPECT_GT(wilcoxon, 930) << size;
    EXPECT_LT(wilcoxon, 985) << size;
    EXPECT_GT(student, 930) << size;
    EXPECT_LT(student, 975) << size;
  }
}

} // namespace
} // namespace tsir
