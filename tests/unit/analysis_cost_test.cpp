// Operations and bytes, compared with numbers worked out by hand.
#include "lib/analysis/cost.h"
#include "lib/model/text_ir.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

Cost cost(const std::string& body, const std::string& inputs, const std::vector<c10::IValue>& values) {
  const Unit unit = Unit::of_graph(parse_ir("graph(" + inputs + "):\n" + body, "test.ir"), "test.ir");
  const AnalysisInput subject = analysis_input_of(unit, &values);
  return cost_of(subject);
}

constexpr auto numbers = R"(
  %zero : int = prim::Constant[value=0]()
  %one : int = prim::Constant[value=1]()
  %two : int = prim::Constant[value=2]()
  %three : int = prim::Constant[value=3]()
  %true : bool = prim::Constant[value=1]()
  %none : NoneType = prim::Constant()
)";

TEST(Cost, CountsTwoForEveryMultiplyAndAdd) {
  const Cost result = cost("  %y : Tensor = aten::mm(%a, %b)\n  return (%y)\n", "%a : Tensor, %b : Tensor",
                           {at::ones({2, 3}), at::ones({3, 5})});
  EXPECT_EQ(result.flops, 2 * 2 * 3 * 5);
  EXPECT_EQ(result.product_flops, result.flops);
  EXPECT_EQ(result.read, 4 * (2 * 3 + 3 * 5));
  EXPECT_EQ(result.written, 4 * 2 * 5);
  EXPECT_DOUBLE_EQ(result.intensity(), 60.0 / (4 * 31));
}

TEST(Cost, CountsGroupedConvolutions) {
  const std::string body = std::string(numbers) + R"(
  %ones : int[] = prim::ListConstruct(%one, %one)
  %zeros : int[] = prim::ListConstruct(%zero, %zero)
  %y : Tensor = aten::conv2d(%x, %w, %none, %ones, %zeros, %ones, %two)
  return (%y)
)";
  // 4 filters of 2x3x3 at 6x6 positions, 1 image
  const Cost result = cost(body, "%x : Tensor, %w : Tensor", {at::ones({1, 4, 8, 8}), at::ones({4, 2, 3, 3})});
  EXPECT_EQ(result.flops, 2 * 4 * 6 * 6 * 2 * 3 * 3);
}

TEST(Cost, CountsAttentionAsTwoProducts) {
  const std::string body = std::string(numbers) + R"(
  %p : float = prim::Constant[value=0.]()
  %false : bool = prim::Constant[value=0]()
  %y : Tensor = aten::scaled_dot_product_attention(%q, %k, %v, %none, %p, %false, %none, %false)
  return (%y)
)";
  const Cost result = cost(body, "%q : Tensor, %k : Tensor, %v : Tensor",
                           {at::ones({2, 3, 5, 8}), at::ones({2, 3, 7, 8}), at::ones({2, 3, 7, 4})});
  EXPECT_EQ(result.flops, 2 * (2 * 3 * 5 * 7 * 8) + 2 * (2 * 3 * 5 * 7 * 4));
}

TEST(Cost, MultipliesByTheRunsOfALoop) {
  const std::string body = std::string(numbers) + R"(
  %y : Tensor = prim::Loop(%three, %true, %x)
    block0(%i : int, %state : Tensor):
      %next : Tensor = aten::mul(%state, %state)
      -> (%true, %next)
  return (%y)
)";
  const Cost result = cost(body, "%x : Tensor", {at::ones({10})});
  ASSERT_EQ(result.nodes.size(), 1U);
  EXPECT_EQ(result.nodes[0].runs, 3U);
  EXPECT_EQ(result.flops, 30);
  EXPECT_EQ(result.read, 3 * 40); // the same tensor twice is read once
}

TEST(Cost, LeavesOutBranchesThatAreNotTaken) {
  const std::string body = std::string(numbers) + R"(
  %y : Tensor = prim::If(%true)
    block0():
      %a : Tensor = aten::relu(%x)
      -> (%a)
    block1():
      %b : Tensor = aten::mm(%x, %x)
      -> (%b)
  return (%y)
)";
  const Cost result = cost(body, "%x : Tensor", {at::ones({2, 2})});
  EXPECT_EQ(result.flops, 4);
  EXPECT_EQ(result.not_reached, 1U);
}

TEST(Cost, ViewsMoveNothingAndUnknownOperatorsAreNamed) {
  const std::string body = std::string(numbers) + R"(
  %t : Tensor = aten::t(%x)
  %d : Tensor = aten::det(%t)
  return (%d)
)";
  const Cost result = cost(body, "%x : Tensor", {at::ones({4, 4})});
  ASSERT_EQ(result.nodes.size(), 2U);
  EXPECT_EQ(result.nodes[0].read + result.nodes[0].written, 0);
  EXPECT_EQ(result.nodes[1].uncounted, "no formula");
  EXPECT_EQ(result.flops, 0);
}

TEST(Cost, ReadsOfATableOnlyTheRowsThatItLooksUp) {
  const std::string body = std::string(numbers) + R"(
  %false : bool = prim::Constant[value=0]()
  %y : Tensor = aten::embedding(%table, %i, %zero, %false, %false)
  return (%y)
)";
  const Cost result =
      cost(body, "%table : Tensor, %i : Tensor", {at::ones({1000, 8}), at::tensor({1, 2, 3}, at::kLong)});
  EXPECT_EQ(result.read, 3 * 8 * 4 + 3 * 8);
  EXPECT_EQ(result.written, 3 * 8 * 4);
}

TEST(FlopTable, NamesEachOperatorOnce) {
  std::set<std::string_view> seen;
  for (const FlopRow& row : flop_table()) {
    EXPECT_FALSE(row.formula.empty());
    EXPECT_FALSE(row.source.empty());
    for (const std::string_view name : row.operators) {
      EXPECT_TRUE(seen.insert(name).second) << name;
    }
  }
}

} // namespace
} // namespace tsir
