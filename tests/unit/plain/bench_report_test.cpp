// Reports of a bench that was written down by hand: nothing was measured, and nothing here knows of LibTorch.
#include "lib/bench/report/report.h"

#include "lib/bench/report/conclusion.h"
#include "lib/bench/report/sweep_report.h"

#include <cmath>
#include <gtest/gtest.h>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;
using Strings = std::vector<std::string>;

VariantOutcome variant_of(const std::string& name, const std::string& passes, VariantState state) {
  VariantOutcome variant;
  variant.name = name;
  variant.passes = passes;
  variant.state = state;
  return variant;
}

// Two rounds of one block: 2 ms a call for the first arm, 1 ms for the second.
Measurement two_arms() {
  Measurement measurement;
  measurement.arms = {"baseline", "+ freeze"};
  measurement.failures.resize(2);
  measurement.plan.blocks = 1;
  measurement.plan.slot = {1, 1, false};
  measurement.seconds = 0.5;
  for (int number = 0; number < 2; ++number) {
    Round round;
    round.make_seconds = {0.001, 0.001};
    round.warmups = {{{4e6, 2e6}, true, 0.006, 0}, {{3e6, 1e6}, true, 0.004, 0}};
    Block& block = round.blocks.emplace_back();
    for (const size_t arm : {0U, 1U, 1U, 0U}) {
      Slot& slot = block.slots.emplace_back();
      slot.arm = arm;
      slot.median_ns = arm == 0 ? 2e6 : 1e6;
      slot.sample_ns = {slot.median_ns};
      slot.usage = Usage{static_cast<int64_t>(slot.median_ns), 0, 0};
    }
    measurement.rounds.push_back(std::move(round));
  }
  return measurement;
}

Decision decided(Outcome outcome, double ratio) {
  Decision decision;
  decision.outcome = outcome;
  decision.ratio.ratio = ratio;
  decision.ratio.low = 0.9 * ratio;
  decision.ratio.high = 1.1 * ratio;
  decision.ratio.rounds = 2;
  return decision;
}

class BenchReport : public ::testing::Test {
protected:
  BenchReport() {
    result_.context.file = "net.pt";
    result_.context.method = "forward";
    result_.context.passes = "freeze,cse,throw";
    result_.context.settings.protocol.rounds = 2;
    result_.context.environment.threads = 1;
    result_.context.environment.libtorch = "9.9.9";
    result_.variants = {variant_of("baseline", "", VariantState::good),
                        variant_of("+ freeze", "freeze-module", VariantState::good),
                        variant_of("+ cse", "freeze-module,cse", VariantState::identical),
                        variant_of("+ throw", "freeze-module,cse,throw", VariantState::pass_failed)};
    result_.variants[1].compared = true;
    result_.variants[1].pass_runs = {{"freeze-module", 0.25, true, true, "3 attributes became constants"}};
    result_.variants[2].identical_to = 1;
    result_.variants[2].detail = "+ freeze";
    result_.variants[3].detail = "pass throw failed: boom";
    result_.groups.push_back({{0, 1}, two_arms(), std::nullopt});
    const Decision faster = decided(Outcome::faster, 0.5);
    result_.contrasts = {{1, 0, false, faster, 0},
                         {2, 1, true, std::nullopt, 0},
                         {2, 0, false, faster, 0},
                         {3, 2, false, std::nullopt, 0},
                         {3, 0, false, std::nullopt, 0}};
    result_.pass_times = {{}, {"freeze-module", 0.25}, {"cse", 0.001}, {}};
    result_.family = 1;
  }

  std::string text() const { return report_text(result_); }
  Conclusion conclusion(const FailureRule& rule = {}) const { return conclude(result_, rule); }

  BenchOutcome result_;
};

TEST_F(BenchReport, TextHasALineForEachVariant) {
  EXPECT_TRUE(text().starts_with("net.pt forward: as-is executor, cpu, 1 thread, LibTorch 9.9.9\n"
                                 "2 variants timed: 2 rounds of 1 block, 4 calls each, seed 0, 500 ms\n"))
      << text();
  EXPECT_NE(text().find("\n+ freeze  1.00 ms  1.00 ms  FASTER 2.00x [1.82, 2.22]  FASTER 2.00x [1.82, 2.22]"),
            std::string::npos)
      << text();
  EXPECT_NE(text().find("same graph as + freeze"), std::string::npos);
  EXPECT_NE(text().find("\nFAILED: + throw: pass throw failed: boom\n"), std::string::npos);
  EXPECT_NE(text().find("\nfreeze-module: 3 attributes became constants\n"), std::string::npos);
}

TEST_F(BenchReport, SaysWhatSingleProcessesWouldSee) {
  EXPECT_EQ(text().find("19 of 20 processes"), std::string::npos) << "only where instances differ";
  EXPECT_FALSE(report_json(result_)["tsir"]["contrasts"][0].contains("process_low"));
  for (const size_t contrast : {0U, 2U}) {
    result_.contrasts[contrast].decision->processes = Interval{0.97, 0.9, 1.05, 0.95};
  }
  const std::string note =
      "\n+ freeze against baseline differs from round to round by more than noise within rounds: 19 "
      "of 20 processes would see a speedup of 0.952x to 1.11x\n";
  EXPECT_NE(text().find(note), std::string::npos) << text();
  EXPECT_EQ(text().find("+ cse against"), std::string::npos) << "the same as + freeze";
  EXPECT_EQ(report_json(result_)["tsir"]["contrasts"][0]["process_high"], 1.05);
  result_.contrasts[0].decision->processes = Interval{1.03, 1.01, 1.05, 0.95};
  EXPECT_NE(text().find("see a slowdown of 1.01x to 1.05x\n"), std::string::npos) << text();
}

TEST_F(BenchReport, SplitsTheNoiseOfTheControl) {
  result_.groups[0].control = decided(Outcome::same, 1);
  result_.groups[0].control->noise = {0.01, std::nullopt, false};
  EXPECT_NE(text().find("; noise between rounds 1 %\n"), std::string::npos) << text();
  result_.groups[0].control->noise.within = 0.006;
  EXPECT_NE(text().find("; noise between rounds 1 %, explained by noise within rounds\n"), std::string::npos) << text();
  result_.groups[0].control->noise.more_than_within = true;
  EXPECT_NE(text().find("; noise between rounds 1 %, of which noise within rounds explains 0.6 %\n"), std::string::npos)
      << text();
  result_.groups[0].control->ratio.rounds = 1;
  EXPECT_EQ(text().find("noise between rounds"), std::string::npos) << "one round";
}

TEST_F(BenchReport, PercentilesAreThereWhereAskedFor) {
  EXPECT_EQ(text().find("p99.9"), std::string::npos);
  EXPECT_NE(report_text(result_, {.percentiles = true}).find("p99.9"), std::string::npos);
}

TEST_F(BenchReport, JsonHasVariantsAndContrasts) {
  result_.variants.push_back(variant_of("eager", "", VariantState::not_run));
  result_.variants.back().rival = "python eager.py";
  result_.pass_times.emplace_back();
  const Json json = report_json(result_);
  EXPECT_EQ(json["benchmarks"][0]["name"], "net/forward/baseline");
  const Json& tsir = json["tsir"];
  EXPECT_EQ(tsir["executor"], "as-is");
  EXPECT_EQ(tsir["variants"][1]["passes"], "freeze-module");
  EXPECT_EQ(tsir["variants"][1]["median_ms"], 1.0);
  EXPECT_EQ(tsir["variants"][1]["outputs"]["identical"], true);
  EXPECT_EQ(tsir["variants"][1]["pass_runs"][0]["note"], "3 attributes became constants");
  EXPECT_EQ(tsir["variants"][2]["identical_to"], "+ freeze");
  EXPECT_EQ(tsir["variants"][4]["rival"], "python eager.py");
  EXPECT_EQ(tsir["variants"][4]["benchmark"], "net/forward/eager");
  EXPECT_EQ(tsir["contrasts"][0]["verdict"], "FASTER");
  EXPECT_EQ(tsir["contrasts"][1]["verdict"], "IDENTICAL");
  EXPECT_EQ(tsir["contrasts"][4]["verdict"], "NOT TIMED");
}

TEST_F(BenchReport, TrainingIsASectionAndItsLossesAreCompared) {
  result_.training.emplace().records.resize(4);
  result_.training->settings.steps = 2;
  TrainRecord& record = result_.training->records[0];
  record = {.parameters = 3,
            .weights = 12,
            .differentiable_graphs = 1,
            .losses = {0.5, 0.25},
            .norms = {1, INFINITY},
            .times = {{1e6, 2e6, 3e6, 4e6}}};
  const Json training = report_json(result_)["tsir"]["training"];
  ASSERT_EQ(training["variants"].size(), 1U) << "the others were not trained";
  EXPECT_EQ(training["variants"][0]["backward_ms"], 3.0);
  EXPECT_EQ(training["variants"][0]["gradient_norms"].dump(), R"([1.0,"inf"])") << "JSON has no infinities";
  EXPECT_NE(text().find("training: sgd, learning rate 0.01, loss mean; 3 parameters with 12 numbers"),
            std::string::npos)
      << text();
  EXPECT_NE(text().find("losses"), std::string::npos);
  EXPECT_EQ(text().find("outputs"), std::string::npos) << "losses are what was compared";
}

TEST_F(BenchReport, OperatorsHaveATableOfEachContrast) {
  OperatorOutcome& operators = result_.operators.emplace();
  operators.rounds = 5;
  operators.blocks = 30;
  VariantOperators& profiled = operators.variants.emplace_back();
  profiled.profile.measured_ns = 2e6;
  ContrastOperators& contrast = operators.contrasts.emplace_back();
  contrast.variant = 1;
  contrast.attribution.measured_ns = -1e6;
  contrast.attribution.operators = {{"aten::relu", 9e5, 0, -9e5, -9.5e5, -8.5e5, 1, 0}};
  contrast.attribution.unattributed_ns = -1e5;
  EXPECT_NE(text().find("+ freeze against baseline"), std::string::npos) << text();
  EXPECT_NE(text().find("aten::relu"), std::string::npos);
  const Json attribution = report_json(result_)["tsir"]["attribution"];
  EXPECT_EQ(attribution["contrasts"][0]["operators"][0]["delta_ns"], -9e5);
}

TEST_F(BenchReport, AFailedPassIsWorseThanAWrongOutput) {
  EXPECT_EQ(conclusion().failure, ErrorKind::pass);
  EXPECT_EQ(conclusion().why, Strings{"+ throw: pass throw failed: boom"});
  result_.variants[3].state = VariantState::wrong;
  EXPECT_EQ(conclusion().failure, ErrorKind::check);
  result_.variants[3].state = VariantState::refused;
  EXPECT_EQ(conclusion().failure, std::nullopt) << "NNC groups that would be interpreted";
  result_.training.emplace().records.resize(4);
  EXPECT_EQ(conclusion().failure, ErrorKind::pass) << "nothing left to train";
  result_.variants[3].state = VariantState::not_run;
  EXPECT_EQ(conclusion().failure, std::nullopt);
  EXPECT_TRUE(conclusion().why.empty());
}

TEST_F(BenchReport, OfAllPassesSomeAreExpectedToFail) {
  result_.context.every_pass = true;
  EXPECT_EQ(conclusion().failure, std::nullopt);
  EXPECT_EQ(conclusion().why.size(), 1U) << "it is told all the same";
  result_.variants[3].rival = "false";
  EXPECT_EQ(conclusion().failure, ErrorKind::pass) << "a rival is not one of them";
}

TEST_F(BenchReport, VerdictsFailABenchWhereTheRuleSaysSo) {
  result_.variants.resize(3);
  result_.contrasts.resize(3);
  const FailureRule strict{.slower = true, .inconclusive = true};
  EXPECT_EQ(conclusion(strict).failure, std::nullopt);
  result_.contrasts[0].decision = decided(Outcome::slower, 2);
  EXPECT_EQ(conclusion().failure, std::nullopt);
  EXPECT_EQ(conclusion({.slower = true}).failure, ErrorKind::check);
  EXPECT_EQ(conclusion({.slower = true}).why, Strings{"+ freeze is slower than baseline: SLOWER 2.00x [1.80, 2.20]"});
  result_.contrasts[0].decision = decided(Outcome::inconclusive, 1);
  EXPECT_EQ(conclusion({.slower = true}).failure, std::nullopt);
  EXPECT_EQ(conclusion(strict).why,
            Strings{"+ freeze against baseline is not decided: INCONCLUSIVE 1.00x [0.91, 1.11]"});
  result_.contrasts[0].decision = decided(Outcome::faster, 0.5);
  result_.groups[0].control = decided(Outcome::faster, 0.9);
  EXPECT_EQ(conclusion(strict).why, Strings{"the machine is not fit: the baseline differs from itself"});
}

TEST_F(BenchReport, VerdictsAcrossTimeDoSoToo) {
  result_.variants.resize(3);
  result_.contrasts.clear();
  AcrossTimes& compared = result_.across_time.emplace();
  compared.then.path = "old.json";
  compared.pairs.push_back({.variant = 1, .saved = 0, .rounds_now = 2, .decision = decided(Outcome::slower, 2)});
  compared.then.variants.push_back({"+ freeze", "freeze-module", "", {1e6, 1e6}});
  EXPECT_EQ(conclusion({.slower = true}).why,
            Strings{"+ freeze is slower than in old.json: SLOWER 2.00x [1.80, 2.20]"});
  EXPECT_NE(text().find("against the saved baseline"), std::string::npos) << text();
}

TEST_F(BenchReport, AnInterruptedBenchHasNotFailed) {
  result_.interrupted = true;
  EXPECT_TRUE(conclusion().interrupted);
  EXPECT_EQ(conclusion().failure, std::nullopt);
  EXPECT_NE(text().find("interrupted: these are the results so far"), std::string::npos);
}

TEST_F(BenchReport, ASweepIsAsBadAsItsWorstPoint) {
  SweepOutcome sweep;
  sweep.context = result_.context;
  PointOutcome& good = sweep.points.emplace_back();
  good.point.coordinates = {{"batch", "1"}};
  good.result = result_;
  good.result->variants.resize(3);
  good.result->contrasts.resize(3);
  good.result->context = context_at(sweep.context, good);
  PointOutcome& failed = sweep.points.emplace_back();
  failed.point.coordinates = {{"batch", "8"}};
  failed.failure = "forward failed: boom";
  const Conclusion all = conclude(sweep, {});
  EXPECT_EQ(all.failure, ErrorKind::check);
  EXPECT_EQ(all.why, Strings{"batch 8: forward failed: boom"});
  EXPECT_NE(sweep_text(sweep).find("FAILED: batch 8: forward failed: boom"), std::string::npos) << sweep_text(sweep);
  EXPECT_EQ(sweep_json(sweep)["benchmarks"][0]["name"], "net/forward/batch:1/baseline");
}

} // namespace
} // namespace tsir
