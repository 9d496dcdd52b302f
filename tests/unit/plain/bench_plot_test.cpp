// The plot of a result with synthetic clocks: what the script draws, and that gnuplot accepts it.
#include "lib/base/error.h"
#include "lib/bench/plot/density.h"
#include "lib/bench/plot/plot.h"
#include "tests/unit/bench_clock.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <sstream>

namespace tsir {
namespace {

constexpr uint64_t plot_seed = 7;

// Variants of these times a call, in seconds, each against the first.
BenchOutcome bench_of(const std::vector<double>& seconds, size_t rounds = 5) {
  SyntheticClock clock(plot_seed);
  std::vector<ArmSource> sources;
  BenchOutcome result;
  Group group;
  for (size_t i = 0; i < seconds.size(); ++i) {
    VariantOutcome variant;
    variant.name = i == 0 ? "baseline" : "+ it's pass " + std::to_string(i);
    variant.state = VariantState::good;
    result.variants.push_back(variant);
    group.variants.push_back(i);
    sources.push_back(synthetic_arm(clock, variant.name, seconds[i], 0.002, i + 1));
  }
  sources.push_back(synthetic_arm(clock, "control", seconds[0], 0.002, 99));
  ProtocolSettings settings;
  settings.rounds = rounds;
  settings.blocks = 4;
  group.measurement = measure(sources, settings, clock);
  const DecisionRule rule;
  const auto decided = [&](size_t arm) { return decide({{*effects_of(group.measurement, arm, 0), 1}}, rule).front(); };
  for (size_t i = 1; i < seconds.size(); ++i) {
    result.contrasts.push_back({i, 0, false, decided(i), 0});
  }
  group.control = decided(seconds.size());
  result.groups.push_back(std::move(group));
  result.context.file = "models/some_model.pt";
  result.context.method = "forward";
  result.context.device = "cpu";
  return result;
}

std::string script_of(const BenchOutcome& result) {
  return bench_plot(result, PlotFormat::script);
}

// The data of a named block, one line each.
std::vector<std::string> block_of(const std::string& script, const std::string& name) {
  const std::string head = "$" + name + " << EOD\n";
  const size_t start = script.find(head);
  std::vector<std::string> lines;
  if (start != std::string::npos) {
    const size_t end = script.find("EOD\n", start + head.size());
    std::istringstream stream(script.substr(start + head.size(), end - start - head.size()));
    for (std::string line; std::getline(stream, line);) {
      lines.push_back(line);
    }
  }
  return lines;
}

TEST(Plot, HasARowForEachComparisonAndTheControl) {
  const std::string script = script_of(bench_of({0.010, 0.008}));
  const auto effects = block_of(script, "effects");
  ASSERT_EQ(effects.size(), 2U);
  double percent = 0;
  double low = 0;
  double high = 0;
  std::istringstream(effects[0]) >> percent >> low >> high;
  EXPECT_NEAR(percent, -20, 1);
  EXPECT_LT(low, percent);
  EXPECT_GT(high, percent);
  EXPECT_NE(script.find("FASTER 1.2"), std::string::npos);
  EXPECT_NE(script.find("some_model.pt forward"), std::string::npos);
}

TEST(Plot, LargeEffectsAreOnAnAxisOfRatios) {
  const std::string script = script_of(bench_of({0.010, 0.001}));
  double ratio = 0;
  std::istringstream(block_of(script, "effects")[0]) >> ratio;
  EXPECT_NEAR(ratio, 0.1, 0.01);
  EXPECT_NE(script.find("set logscale x"), std::string::npos);
}

TEST(Plot, EveryTimedSlotIsInTheSeries) {
  const BenchOutcome result = bench_of({0.010, 0.008});
  const std::string script = script_of(result);
  EXPECT_EQ(block_of(script, "slots0").size(), 5U * 4 * 2) << "rounds, blocks, and two slots in each";
  size_t calls = 0;
  for (const Round& round : result.groups[0].measurement.rounds) {
    calls += round.warmups[0].call_ns.size();
  }
  EXPECT_EQ(block_of(script, "warmups0").size(), calls);
}

TEST(Plot, OfManyVariantsTheLargestEffectsAreDrawn) {
  std::vector<double> seconds(14, 0.010);
  seconds[11] = 0.005;
  const std::string script = script_of(bench_of(seconds));
  EXPECT_NE(script.find("8 of 15 variants"), std::string::npos);
  EXPECT_EQ(block_of(script, "slots8").size(), 0U);
  EXPECT_NE(script.find("title '+ it''s pass 11'"), std::string::npos);
}

TEST(Plot, WithoutComparisonsThereAreTimesOnly) {
  const std::string script = script_of(bench_of({0.010}));
  EXPECT_EQ(block_of(script, "effects").size(), 0U);
  EXPECT_EQ(block_of(script, "slots0").size(), 5U * 4 * 2);
}

TEST(Plot, GnuplotDrawsEveryFormat) {
  const BenchOutcome result = bench_of({0.010, 0.008, 0.02});
  EXPECT_NE(bench_plot(result, PlotFormat::svg).find("</svg>"), std::string::npos);
  EXPECT_EQ(bench_plot(result, PlotFormat::png).substr(1, 3), "PNG");
  EXPECT_EQ(bench_plot(result, PlotFormat::pdf).substr(0, 4), "%PDF");
  EXPECT_NE(bench_plot({}, PlotFormat::svg).find("nothing was timed"), std::string::npos);
}

TEST(Plot, WhatGnuplotRefusesIsOneLine) {
  try {
    draw_plot("set terminal svg\nplot nothing_of_this_name\n");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("gnuplot failed: "), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

TEST(Plot, TheEndingChoosesTheFormat) {
  EXPECT_EQ(plot_format("a/b.svg"), PlotFormat::svg);
  EXPECT_EQ(plot_format("b.gp"), PlotFormat::script);
  EXPECT_THROW(plot_format("b.jpeg"), Error);
  EXPECT_THROW(plot_format("svg"), Error);
}

TEST(Density, HasItsHillWhereTheValuesAre) {
  std::mt19937_64 random(plot_seed);
  std::lognormal_distribution<double> values_at(std::log(20.0), 0.05);
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) {
    values.push_back(values_at(random));
  }
  const std::vector<double> points = log_spaced(10, 40, 201);
  const std::vector<double> density = log_density(values, points);
  const auto top = std::ranges::max_element(density) - density.begin();
  EXPECT_NEAR(points[static_cast<size_t>(top)], 20, 0.5);
  EXPECT_EQ(*std::ranges::max_element(density), 1);
  // At one standard deviation, a normal density has fallen to exp(-1/2).
  const auto out = std::ranges::lower_bound(points, 20 * std::exp(0.05)) - points.begin();
  EXPECT_NEAR(density[static_cast<size_t>(out)], std::exp(-0.5), 0.1);
  EXPECT_EQ(density.front(), 0);
}

TEST(Density, EqualValuesAreAHillToo) {
  const std::vector<double> density = log_density(std::vector<double>(10, 5.0), log_spaced(4.99, 5.01, 101));
  EXPECT_NEAR(density[50], 1, 0.01);
  EXPECT_EQ(log_density({}, std::vector<double>{1, 2}), (std::vector<double>{0, 0}));
}

} // namespace
} // namespace tsir
