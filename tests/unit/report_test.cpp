// What a report says of the states between passes.
#include "lib/report/bench_part.h"
#include "lib/report/state.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

const char* const with_two_sines = R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::sin(%x)
  %3 : Tensor = aten::sin(%x)
  %4 : Tensor = aten::mul(%2, %3)
  %5 : Tensor = aten::atan2(%1, %4)
  return (%5))";
const char* const with_one_sine = R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::sin(%x)
  %4 : Tensor = aten::mul(%2, %2)
  %5 : Tensor = aten::abs(%4)
  %6 : Tensor = aten::atan2(%1, %5)
  return (%6))";

UnitState state(const char* text, const std::vector<c10::IValue>* inputs = nullptr) {
  return state_of(Unit::of_graph(parsed(text), "test.ir"), {.inputs = inputs});
}

TEST(ReportPartners, AreThoseOfTheMatching) {
  const UnitState before = state(with_two_sines);
  const UnitState after = state(with_one_sine);
  std::set<std::string> pairs;
  std::multiset<std::string> went;
  std::multiset<std::string> came;
  for (const ReportBox& box : before.boxes) {
    went.insert(box.title);
  }
  for (const ReportBox& box : after.boxes) {
    came.insert(box.title);
  }
  for (const ReportPartner& pair : partners_of(before, after)) {
    const std::string& from = before.boxes[pair.before].title;
    const std::string& to = after.boxes[pair.after].title;
    pairs.insert(from + " " + to);
    went.erase(went.find(from));
    came.erase(came.find(to));
  }
  EXPECT_EQ(pairs, (std::set<std::string>{"atan2 atan2", "mul mul", "output output", "relu relu", "sin sin", "x x"}));
  EXPECT_EQ(went, (std::multiset<std::string>{"sin"}));
  EXPECT_EQ(came, (std::multiset<std::string>{"abs"}));
}

TEST(ReportState, HasTypesAndCostsIfItIsRun) {
  const std::vector<c10::IValue> inputs = {at::ones({2, 3})};
  const UnitState run = state(with_one_sine, &inputs);
  const auto mul = std::ranges::find(run.boxes, "mul", &ReportBox::title);
  ASSERT_NE(mul, run.boxes.end());
  EXPECT_EQ(mul->op, "aten::mul");
  EXPECT_EQ(mul->types.size(), 1U);
  EXPECT_EQ(mul->types.at(0), "%3: float32[2,3]");
  ASSERT_EQ(mul->cost.size(), 3U);
  EXPECT_EQ(mul->cost[0], (NamedText{"computes", "6 operations"}));
  EXPECT_EQ(mul->cost[2], (NamedText{"writes", "24 B"}));
  const UnitState not_run = state(with_one_sine);
  EXPECT_TRUE(std::ranges::all_of(not_run.boxes, [](const ReportBox& box) { return box.cost.empty(); }));
}

TEST(ReportState, SaysWhyItCouldNotBeRun) {
  const std::vector<c10::IValue> inputs = {at::ones({2, 3})};
  const UnitState failed = state(R"(graph(%x : Tensor):
  %1 : Tensor = aten::matmul(%x, %x)
  return (%1))",
                                 &inputs);
  EXPECT_NE(failed.problem, "");
  EXPECT_EQ(failed.boxes.size(), 3U);
}

TEST(ReportBench, EachPassGetsItsSpeed) {
  BenchOutcome outcome;
  outcome.context.passes = "a,b";
  for (const char* name : {"baseline", "+ a", "+ b"}) {
    VariantOutcome& variant = outcome.variants.emplace_back();
    variant.name = name;
    variant.state = VariantState::good;
  }
  outcome.pass_times.resize(3);
  outcome.groups.emplace_back();
  Decision faster;
  faster.outcome = Outcome::faster;
  faster.ratio.ratio = 0.5;
  faster.ratio.low = 0.4;
  faster.ratio.high = 0.6;
  Decision unknown;
  unknown.ratio.low = 0;
  unknown.ratio.high = std::numeric_limits<double>::infinity();
  outcome.contrasts = {{.variant = 1, .reference = 0, .decision = faster},
                       {.variant = 2, .reference = 1, .decision = unknown},
                       {.variant = 2, .reference = 0, .identical = true, .decision = {}}};
  const BenchPart part = bench_part(outcome, 2);
  ASSERT_EQ(part.passes.size(), 2U);
  EXPECT_EQ(part.passes[0].speed.verdict, "FASTER");
  EXPECT_EQ(part.passes[0].speed.ratio, 0.5);
  EXPECT_EQ(part.passes[0].speed_from_start.text, part.passes[0].speed.text);
  EXPECT_EQ(part.passes[1].speed.verdict, "INCONCLUSIVE");
  EXPECT_EQ(part.passes[1].speed.high, 1); // an interval without bounds cannot be drawn
  EXPECT_EQ(part.passes[1].speed_from_start.verdict, "IDENTICAL");
  EXPECT_EQ(part.table.rows.size(), 3U);
}

} // namespace
} // namespace tsir
