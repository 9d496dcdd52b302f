// Tests which operators have gradients, and where gradients stop.
#include "lib/analysis/gradients.h"
#include "lib/model/text_ir.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

TEST(Gradients, KnowsFormulasBackwardsAndCuts) {
  const Unit unit = Unit::of_graph(parse_ir(R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %none : NoneType = prim::Constant()
  %false : bool = prim::Constant[value=0]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::sigmoid(%a)
  %c : Tensor = aten::cumsum(%b, %one, %none)
  %d : Tensor = aten::detach(%c)
  %e : Tensor = aten::argmax(%c, %one, %false)
  return (%d, %e)
)",
                                            "test.ir"),
                                   "test.ir");
  const AnalysisInput subject = analysis_input_of(unit, nullptr);
  const Gradients gradients = gradients_of(subject);
  std::vector<GradientKind> kinds;
  for (const GradientFact& fact : gradients.nodes) {
    kinds.push_back(fact.kind);
  }
  using enum GradientKind;
  EXPECT_EQ(kinds, (std::vector<GradientKind>{symbolic, symbolic, autograd, cut, cut}));
  EXPECT_FALSE(gradients.whole);
  ASSERT_EQ(gradients.groups.size(), 1U);
  EXPECT_EQ(gradients.groups[0].size(), 2U);
}

} // namespace
} // namespace tsir
