// A bench from end to end on small graphs, with passes made for the test. Nothing here looks at how long anything took.
#include "lib/bench/job/bench.h"

#include "lib/base/error.h"
#include "lib/bench/machine/environment.h"
#include "lib/bench/report/report.h"
#include "lib/model/text_ir.h"

#include "tests/unit/test_pass.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

constexpr const char* graph_text = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %sum : Tensor = aten::add(%x, %y, %one)
  %result : Tensor = aten::relu(%sum)
  return (%result))";

jit::Node* find(Unit& unit, c10::Symbol kind) {
  for (jit::Node* node : unit.graph()->nodes()) {
    if (node->kind() == kind) {
      return node;
    }
  }
  throw std::runtime_error("no such node");
}

void rename(Unit& unit, c10::Symbol from, const char* to) {
  jit::Node* node = find(unit, from);
  jit::Node* other = unit.graph()->create(c10::Symbol::fromQualString(to), node->inputs(), 1);
  other->insertBefore(node);
  other->output()->setType(node->output()->type());
  node->output()->replaceAllUsesWith(other->output());
  node->destroy();
}

Registry test_registry() {
  Registry registry;
  registry.add(test_pass("nothing", [](Unit&, const PassContext&) { return "had nothing to do"; }));
  registry.add(test_pass("subtract", [](Unit& unit, const PassContext&) {
    rename(unit, c10::aten::add, "aten::sub");
    return "";
  }));
  registry.add(test_pass("add", [](Unit& unit, const PassContext&) {
    rename(unit, c10::aten::sub, "aten::add");
    return "";
  }));
  registry.add(test_pass("clamp", [](Unit& unit, const PassContext&) { // the same results by another operator
    jit::Node* node = find(unit, c10::aten::relu);
    jit::WithInsertPoint here(node);
    jit::Value* zero = unit.graph()->insertConstant(0);
    jit::Value* clamped = unit.graph()->insert(c10::aten::clamp_min, {node->input(), zero});
    node->output()->replaceAllUsesWith(clamped);
    node->destroy();
    return "";
  }));
  registry.add(test_pass("throw", [](Unit&, const PassContext&) -> std::string { throw std::runtime_error("boom"); }));
  registry.add(test_pass("unrunnable", [](Unit& unit, const PassContext&) { // two tensors that do not fit together
    jit::Node* node = find(unit, c10::aten::relu);
    jit::WithInsertPoint here(node);
    jit::Value* product = unit.graph()->insert(c10::aten::mm, {node->input(), node->input()});
    node->replaceInput(0, product);
    return "";
  }));
  return registry;
}

class Bench : public ::testing::Test {
protected:
  Bench() {
    target_.open = [] { return Unit::of_graph(parse_ir(graph_text, "test.ir"), "test.ir"); };
    target_.method = "test.ir";
    target_.inputs = {at::arange(6, at::kFloat).reshape({2, 3}), at::ones({2, 3})};
    settings_.protocol.rounds = 2;
    settings_.protocol.blocks = 3;
    settings_.protocol.max_seconds = 5;
  }

  BenchOutcome run(const std::string& passes) {
    const Pipeline pipeline = Pipeline::parse(passes, registry_);
    settings_.check.stop_at_failed_pass = !settings_.each;
    const auto specs = settings_.each ? single_variants({}, pipeline) : prefix_variants({}, pipeline);
    BenchOutcome result = run_bench(target_, specs, settings_, clock_, hooks_);
    result.context = context(passes);
    return result;
  }

  static std::vector<std::string> states(const BenchOutcome& result) {
    std::vector<std::string> list;
    for (const VariantOutcome& variant : result.variants) {
      list.emplace_back(to_string(variant.state));
    }
    return list;
  }

  static bool timed(const BenchOutcome& result, size_t variant) {
    return std::any_of(result.groups.begin(), result.groups.end(), [&](const Group& group) {
      return std::count(group.variants.begin(), group.variants.end(), variant) > 0;
    });
  }

  BenchContext context(const std::string& passes) const {
    return {.file = "test.ir",
            .sha1 = "",
            .method = "test.ir",
            .passes = passes,
            .executor = std::string(to_string(target_.executor)),
            .conditions = {},
            .settings = settings_,
            .environment = read_environment()};
  }

  Registry registry_ = test_registry();
  BenchTarget target_;
  BenchSettings settings_;
  SteadyClock clock_;
  Hooks hooks_;
};

using Strings = std::vector<std::string>;

TEST_F(Bench, IdenticalGraphsAreNotTimed) {
  const BenchOutcome result = run("nothing,clamp,nothing");
  EXPECT_EQ(states(result), (Strings{"good", "identical", "good", "identical"}));
  EXPECT_EQ(result.variants[1].identical_to, 0U);
  EXPECT_EQ(result.variants[3].identical_to, 2U);
  EXPECT_FALSE(timed(result, 1));
  EXPECT_FALSE(timed(result, 3));
  EXPECT_TRUE(result.contrast(1, 0)->identical);
  EXPECT_TRUE(result.contrast(3, 2)->identical);
  ASSERT_TRUE(result.contrast(2, 1)->decision.has_value());
  EXPECT_EQ(result.contrast(2, 1)->decision->ratio.ratio, result.contrast(3, 0)->decision->ratio.ratio)
      << "the same times stand for both";
  EXPECT_EQ(result.summary(3)->median, result.summary(2)->median);
}

TEST_F(Bench, APassThatIsUndoneIsRecognised) {
  settings_.check.compare = false;
  EXPECT_EQ(states(run("subtract,add")), (Strings{"good", "good", "identical"}));
}

TEST_F(Bench, ForceTimesIdenticalGraphs) {
  settings_.force = true;
  const BenchOutcome result = run("nothing");
  EXPECT_EQ(states(result), (Strings{"good", "identical"}));
  EXPECT_TRUE(timed(result, 1));
  EXPECT_TRUE(result.contrast(1, 0)->decision.has_value());
}

TEST_F(Bench, WrongOutputsAreFoundAndNotTimed) {
  const BenchOutcome result = run("subtract");
  EXPECT_EQ(states(result), (Strings{"good", "wrong"}));
  EXPECT_FALSE(timed(result, 1));
  EXPECT_NE(report_text(result).find("WRONG: + subtract: outputs differ"), std::string::npos);
  settings_.check.compare = false;
  EXPECT_EQ(states(run("subtract")), (Strings{"good", "good"}));
}

TEST_F(Bench, APassThatThrowsEndsAPipeline) {
  const BenchOutcome result = run("clamp,throw,nothing");
  EXPECT_EQ(states(result), (Strings{"good", "good", "pass-failed", "not-run"}));
  EXPECT_NE(result.variants[2].detail.find("boom"), std::string::npos);
  EXPECT_TRUE(result.contrast(1, 0)->decision.has_value()) << "what ran before is still timed";
}

TEST_F(Bench, APassThatThrowsIsARowOfASweep) {
  settings_.each = true;
  EXPECT_EQ(states(run("throw,clamp,nothing")), (Strings{"good", "pass-failed", "good", "identical"}));
}

TEST_F(Bench, AGraphThatDoesNotRunIsReported) {
  const BenchOutcome result = run("unrunnable");
  EXPECT_EQ(states(result), (Strings{"good", "run-failed"}));
  EXPECT_EQ(result.variants[1].detail.find('\n'), std::string::npos);
}

TEST_F(Bench, GroupsShareTheBaselineAndTheVariantBefore) {
  settings_.check.compare = false;
  settings_.most_arms = 3;
  const BenchOutcome result = run("clamp,subtract,nothing,add");
  EXPECT_EQ(states(result), (Strings{"good", "good", "good", "identical", "identical"}));
  settings_.force = true;
  const BenchOutcome forced = run("clamp,subtract,nothing,add");
  ASSERT_GT(forced.groups.size(), 1U);
  for (size_t variant = 1; variant < forced.variants.size(); ++variant) {
    EXPECT_TRUE(forced.contrast(variant, 0)->decision.has_value()) << variant;
    EXPECT_TRUE(forced.contrast(variant, variant - 1)->decision.has_value()) << variant;
  }
}

TEST_F(Bench, StoppingBeforeAnythingGivesAReport) {
  hooks_.stop = [] { return true; };
  const BenchOutcome result = run("clamp");
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(states(result), (Strings{"good", "not-run"}));
  EXPECT_NE(report_text(result).find("interrupted"), std::string::npos);
  EXPECT_TRUE(report_json(result)["tsir"]["interrupted"]);
}

TEST_F(Bench, JsonIsGoogleBenchmarks) {
  const auto json = report_json(run("clamp,nothing"));
  EXPECT_EQ(json["context"]["json_schema_version"], 1);
  EXPECT_TRUE(json["context"]["caches"].is_array());
  size_t iterations = 0;
  for (const auto& row : json["benchmarks"]) {
    EXPECT_GT(row["real_time"].get<double>(), row["run_type"] == "iteration" ? 0 : -1);
    EXPECT_EQ(row["time_unit"], "ms");
    iterations += row["run_type"] == "iteration";
  }
  EXPECT_EQ(iterations, 4U) << "one row a variant and round";
  EXPECT_EQ(json["benchmarks"][0]["name"], "test/test.ir/baseline");
}

TEST_F(Bench, JsonHasContrastsRoundsAndBlocks) {
  const auto tsir = report_json(run("clamp,nothing"))["tsir"];
  EXPECT_EQ(tsir["schema"], "tsir.bench/1");
  EXPECT_EQ(tsir["executor"], "as-is");
  EXPECT_EQ(tsir["contrasts"].size(), 3U);
  const auto& first = tsir["contrasts"][0];
  EXPECT_EQ(first["name"], "+ clamp");
  EXPECT_EQ(first["reference"], "baseline");
  EXPECT_LE(first["low"].get<double>(), first["ratio"].get<double>());
  EXPECT_GE(first["high"].get<double>(), first["ratio"].get<double>());
  EXPECT_EQ(first["rounds"], 2);
  EXPECT_EQ(tsir["contrasts"][1]["verdict"], "IDENTICAL");
  EXPECT_EQ(tsir["rounds"].size(), 2U);
  EXPECT_EQ(tsir["rounds"][0]["blocks"].size(), 3U);
  EXPECT_EQ(tsir["rounds"][0]["blocks"][0]["order"].size(), 6U);
}

TEST_F(Bench, LibTorchsExecutorsAreTimedToo) {
  for (const Executor executor : {Executor::profiling, Executor::simple}) {
    target_.executor = executor;
    const BenchOutcome result = run("clamp,nothing");
    EXPECT_EQ(states(result), (Strings{"good", "good", "identical"})) << to_string(executor);
    EXPECT_NE(report_text(result).find(std::string(to_string(executor)) + " executor"), std::string::npos);
  }
}

TEST_F(Bench, TheControlIsAnArmLikeTheOthers) {
  const BenchOutcome result = run("clamp");
  ASSERT_EQ(result.groups.size(), 1U);
  EXPECT_EQ(result.groups[0].variants, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(result.groups[0].measurement.arms, (Strings{"baseline", "+ clamp", "control"}));
  ASSERT_TRUE(result.groups[0].control.has_value());
  EXPECT_NE(report_text(result).find("control, the baseline against itself: "), std::string::npos);
  const auto tsir = report_json(result)["tsir"];
  EXPECT_EQ(tsir["controls"].size(), 1U);
  EXPECT_EQ(tsir["rounds"][0]["blocks"][0]["order"].size(), 6U);

  settings_.control = false;
  EXPECT_FALSE(run("clamp").groups[0].control.has_value());
}

TEST_F(Bench, OnlyWhatIsTimedCountsAmongTheComparisons) {
  EXPECT_EQ(run("clamp,nothing").family, 1U) << "'nothing' is identical to 'clamp', and so asks nothing new";
  settings_.each = true;
  EXPECT_EQ(run("clamp,throw,nothing").family, 1U);
}

TEST(Describe, SaysWhatWasDecided) {
  Decision decision;
  decision.outcome = Outcome::faster;
  decision.ratio.ratio = 0.7;
  decision.ratio.low = 0.6;
  decision.ratio.high = 0.8;
  EXPECT_EQ(describe(decision), "FASTER 1.43x [1.25, 1.67]");
  decision.outcome = Outcome::inconclusive;
  EXPECT_EQ(describe(decision), "INCONCLUSIVE 1.43x [1.25, 1.67]");
  decision.ratio.ratio = 1.05;
  decision.ratio.low = 1.02;
  decision.ratio.high = 1.08;
  decision.outcome = Outcome::slower;
  EXPECT_EQ(describe(decision), "SLOWER 1.050x [1.020, 1.080]");
  decision.outcome = Outcome::small;
  decision.ratio.low = 1.005;
  EXPECT_EQ(describe(decision), "SMALL 1.050x [1.005, 1.080] slower");
  decision.ratio.level = 0;
  EXPECT_EQ(describe(decision), "0.952x, one block: no interval");
  decision.outcome = Outcome::same;
  decision.ratio.level = 0.95;
  decision.ratio.low = 0.99;
  EXPECT_EQ(describe(decision), "SAME 0.952x [0.926, 1.010]");
}

} // namespace
} // namespace tsir
