// Runs compared across time, with synthetic clocks: how often the verdicts are right if only rounds differ.
#include "lib/bench/across_time/saved_baseline.h"

#include "lib/base/error.h"
#include "lib/bench/report/report_sections.h"
#include "tests/unit/bench_clock.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

// A run of one variant, measured by the real protocol on a synthetic machine.
BenchOutcome synthetic_run(double seconds, uint64_t seed, double placement = 0.004, size_t rounds = 16) {
  SyntheticClock clock(seed);
  ProtocolSettings settings;
  settings.rounds = rounds;
  settings.blocks = 4;
  settings.seed = seed;
  BenchOutcome result;
  VariantOutcome baseline;
  baseline.name = "baseline";
  baseline.state = VariantState::good;
  result.variants.push_back(baseline);
  result.groups.push_back(
      {{0}, measure({synthetic_arm(clock, "baseline", seconds, placement, seed)}, settings, clock), std::nullopt});
  result.pass_times.resize(1);
  result.context.file = "m.pt";
  result.context.sha1 = "abc";
  result.context.environment.date = "2026-01-02T03:04:05+00:00";
  result.context.conditions = {{"threads", "1"}};
  return result;
}

SavedBaseline saved(const BenchOutcome& result) {
  return make_baseline(result);
}

AcrossTime across(double then, double now, uint64_t seed, double placement = 0.004, size_t rounds = 16) {
  const SavedBaseline old = saved(synthetic_run(then, seed, placement, rounds));
  const AcrossTimes compared = compare_across_time(old, synthetic_run(now, seed + 1000, placement, rounds), {});
  EXPECT_EQ(compared.pairs.size(), 1U);
  return compared.pairs.at(0);
}

size_t count(const std::vector<Outcome>& outcomes, Outcome outcome) {
  return static_cast<size_t>(std::ranges::count(outcomes, outcome));
}

std::string refused(const std::string& text) {
  try {
    parse_baseline(text, "b.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::load);
    return error.what();
  }
  return "";
}

TEST(SavedBaseline, WelchByHand) {
  // By numerical integration of the density of t with 5.1703 degrees of freedom (Welch-Satterthwaite).
  const std::vector<double> a = {1.0, 2.0, 4.0, 3.5, 2.5};
  const std::vector<double> b = {0.5, 1.5, 1.0, 0.8};
  const Interval interval = welch_interval(a, b, 0.95);
  EXPECT_NEAR(interval.estimate, 1.65, 1e-12);
  EXPECT_NEAR(interval.low, 0.1896685275, 1e-9);
  EXPECT_NEAR(interval.high, 3.1103314725, 1e-9);
}

TEST(SavedBaseline, EqualRunsAreNeverCalledDifferent) {
  std::vector<Outcome> outcomes;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    outcomes.push_back(across(0.002, 0.002, seed).decision.outcome);
  }
  EXPECT_EQ(count(outcomes, Outcome::slower) + count(outcomes, Outcome::faster), 0U);
  EXPECT_GE(count(outcomes, Outcome::same), 90U);
}

TEST(SavedBaseline, FiveInAHundredAreFoundWithTheirSign) {
  std::vector<Outcome> slower;
  std::vector<Outcome> faster;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    slower.push_back(across(0.002, 0.0021, seed).decision.outcome);
    faster.push_back(across(0.0021, 0.002, seed).decision.outcome);
  }
  EXPECT_EQ(count(slower, Outcome::slower), 40U);
  EXPECT_EQ(count(faster, Outcome::faster), 40U);
}

TEST(SavedBaseline, RatioIsNowOverThen) {
  const AcrossTime pair = across(0.002, 0.003, 7);
  EXPECT_NEAR(pair.decision.ratio.ratio, 1.5, 0.01);
  EXPECT_NEAR(pair.median_then, 2e6, 4e4);
  EXPECT_NEAR(pair.median_now, 3e6, 6e4);
  EXPECT_EQ(pair.rounds_now, 16U);
}

TEST(SavedBaseline, ASingleRoundDecidesNothing) {
  const AcrossTime pair = across(0.002, 0.003, 7, 0.004, 1);
  EXPECT_EQ(pair.decision.outcome, Outcome::inconclusive);
  EXPECT_TRUE(std::isinf(pair.decision.resolution));
  EXPECT_TRUE(describe(pair).ends_with("x, no interval: both runs need two rounds")) << describe(pair);
}

TEST(SavedBaseline, VariantsAreMatchedByTheirPasses) {
  BenchOutcome now = synthetic_run(0.002, 1);
  SavedBaseline old = saved(now);
  old.variants[0].passes = "freeze-module";
  const AcrossTimes none = compare_across_time(old, now, {});
  EXPECT_TRUE(none.pairs.empty());
  EXPECT_EQ(none.unmatched, std::vector<std::string>{"baseline"});
  old.variants[0].passes = "";
  old.variants[0].origin = "old.pt"; // the one of --against, not the file's own
  EXPECT_TRUE(compare_across_time(old, now, {}).pairs.empty());
}

TEST(SavedBaseline, SurvivesTheFile) {
  const BenchOutcome result = synthetic_run(0.002, 3);
  const SavedBaseline before = saved(result);
  const std::string text = baseline_json(before, result).dump();
  const SavedBaseline after = parse_baseline(text, "b.json");
  EXPECT_EQ(after.path, "b.json");
  EXPECT_EQ(after.date, before.date);
  EXPECT_EQ(after.model, "m.pt");
  EXPECT_EQ(after.sha1, "abc");
  ASSERT_EQ(after.variants.size(), 1U);
  EXPECT_EQ(after.variants[0].median_ns, before.variants[0].median_ns);
  EXPECT_EQ(different_conditions(after, {{"threads", "1"}}), "");
}

TEST(SavedBaseline, OtherConditionsAreNamed) {
  const SavedBaseline old = saved(synthetic_run(0.002, 3));
  EXPECT_EQ(different_conditions(old, {{"threads", "2"}, {"device", "cpu"}}),
            "threads: 1 then, 2 now; device: unknown then, cpu now");
}

TEST(SavedBaseline, WhatIsNoBaselineIsRefusedInOneLine) {
  const BenchOutcome result = synthetic_run(0.002, 3);
  nlohmann::ordered_json good = baseline_json(saved(result), result);
  EXPECT_EQ(refused(good.dump()), "");
  EXPECT_EQ(refused("hello"), "b.json is not a baseline of tsir bench: save baseline writes one");
  EXPECT_EQ(refused(R"({"context": {}, "benchmarks": []})"),
            "b.json is not a baseline of tsir bench: save baseline writes one");
  EXPECT_EQ(refused(good.dump().substr(0, 300)), "b.json is not complete JSON: it was truncated or damaged");
  auto broken = good;
  broken["variants"][0]["round_median_ns"][2] = -1;
  EXPECT_EQ(refused(broken.dump()), "b.json is damaged: variant \"baseline\" has no usable times");
  broken = good;
  broken.erase("conditions");
  EXPECT_EQ(refused(broken.dump()), "b.json is damaged: key 'conditions' not found");
  broken = good;
  broken["schema"] = "tsir.baseline/2";
  EXPECT_EQ(refused(broken.dump()), "b.json is a baseline of another tsir: it has schema tsir.baseline/2, and this one "
                                    "reads tsir.baseline/1");
}

TEST(SavedBaseline, ReportWarnsAndNamesBothTimes) {
  BenchOutcome now = synthetic_run(0.003, 5);
  SavedBaseline old = saved(synthetic_run(0.002, 4));
  old.path = "b.json";
  now.across_time = compare_across_time(old, now, {});
  now.across_time->different = "threads: 1 then, 2 now";
  const ReportSection section = saved_baseline_section(now);
  EXPECT_EQ(section.key, "saved_baseline");
  EXPECT_NE(section.text.find("SLOWER 1.5"), std::string::npos) << section.text;
  EXPECT_NE(section.text.find("b.json of 2026-01-02T03:04:05+00:00, m.pt, the same file: another time"),
            std::string::npos)
      << section.text;
  EXPECT_NE(section.text.find("other conditions: threads: 1 then, 2 now"), std::string::npos);
  EXPECT_EQ(section.json["comparisons"][0]["verdict"], "SLOWER");
  EXPECT_EQ(section.json["comparisons"][0]["rounds_then"], 16);
}

} // namespace
} // namespace tsir
