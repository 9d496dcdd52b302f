// LibTorch's switches are on for as long as something needs them, and put back.
#include "lib/run/switches.h"

#include "lib/compat/unshipped.h"
#include "lib/pass/pipeline.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "passes/all.h"
#include "tests/unit/parsed_graph.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

namespace tsir {
namespace {

constexpr std::array every_switch = {Switch::nnc_fuses_on_cpu, Switch::nnc_is_interpreted, Switch::old_fuser_on_cpu};

std::vector<bool> all_switches() {
  std::vector<bool> on;
  std::ranges::transform(every_switch, std::back_inserter(on), is_on);
  return on;
}

TEST(Switches, AreOnWhileAnyScopeLivesInWhateverOrderTheyGo) {
  for (const Switch which : every_switch) {
    const bool before = is_on(which);
    auto first = std::make_unique<SwitchScope>(which);
    auto second = std::make_unique<SwitchScope>(which);
    EXPECT_TRUE(is_on(which));
    first.reset();
    EXPECT_TRUE(is_on(which));
    auto moved = std::make_unique<SwitchScope>(std::move(*second));
    second.reset();
    EXPECT_TRUE(is_on(which)) << "a scope that was moved from holds nothing";
    auto third = std::make_unique<SwitchScope>(which);
    third.reset();
    EXPECT_TRUE(is_on(which));
    moved.reset();
    EXPECT_EQ(is_on(which), before);
  }
}

Unit pointwise() {
  return Unit::of_graph(parsed("graph(%x : Tensor, %y : Tensor):\n"
                               "  %one : int = prim::Constant[value=1]()\n"
                               "  %a : Tensor = aten::add(%x, %y, %one)\n"
                               "  %b : Tensor = aten::sigmoid(%a)\n"
                               "  %c : Tensor = aten::mul(%b, %x)\n"
                               "  return (%c)\n"),
                        "test");
}

std::vector<c10::IValue> pointwise_inputs() {
  at::manual_seed(0);
  return {at::randn({4, 4}), at::randn({4, 4})};
}

Unit after(const std::string& pipeline, Unit unit = pointwise()) {
  static const Registry registry = all_passes();
  const std::vector<c10::IValue> examples = pointwise_inputs();
  Pipeline::parse(pipeline, registry).run(unit, {.inputs = &examples});
  return unit;
}

TEST(Switches, AreBackAfterAPass) {
  const std::vector<bool> before = all_switches();
  for (const std::string pass :
       {"fuse-tensor-exprs", "fuse-graph", "fuse", "perform-tensor-expr-fusion", "print-fusion-candidates",
        "fuse-tensor-exprs,print-shapes", "fuse-tensor-exprs,instrument-graph"}) {
    after(pass);
    EXPECT_EQ(all_switches(), before) << pass;
  }
}

TEST(Switches, AreBackAfterAPassThatThrows) {
  const std::vector<bool> before = all_switches();
  const Unit unknown = Unit::of_graph(parsed("graph(%x : Tensor, %y : Tensor):\n"
                                             "  %a : Tensor = no::such(%x, %y)\n  return (%a)\n"),
                                      "test");
  for (const std::string pass : {"fuse-tensor-exprs", "fuse-graph"}) {
    EXPECT_THROW(after(pass, unknown), std::exception) << pass;
    EXPECT_EQ(all_switches(), before) << pass;
  }
}

// Groups run when the pass is long over.
TEST(Switches, AreHeldByWhatRunsTheGroups) {
  const std::vector<bool> before = all_switches();
  const c10::IValue expected = Runnable(pointwise(), Executor::as_is).run(pointwise_inputs()).front();
  for (const std::string pass : {"fuse-tensor-exprs", "fuse-tensor-exprs{fuse-to-dynamic-shapes=true}", "fuse-graph"}) {
    const Unit fused = after(pass);
    ASSERT_EQ(all_switches(), before);
    {
      const Runnable runnable(fused, Executor::as_is);
      const Difference difference = compare(expected, runnable.run(pointwise_inputs()).front());
      EXPECT_TRUE(difference.same) << pass << ": " << difference.what;
      EXPECT_NE(all_switches(), before) << pass;
    }
    EXPECT_EQ(all_switches(), before) << pass;
  }
}

// With its switch off the old fuser runs the operators one by one, and says nothing.
TEST(Switches, LetTheOldFuserCompileWhereTheGraphRuns) {
  // Another graph than that of the other tests: LibTorch keeps what it has compiled.
  const Unit fused = after("fuse-graph", Unit::of_graph(parsed("graph(%x : Tensor, %y : Tensor):\n"
                                                               "  %a : Tensor = aten::tanh(%x)\n"
                                                               "  %b : Tensor = aten::mul(%a, %y)\n"
                                                               "  %c : Tensor = aten::neg(%b)\n"
                                                               "  return (%c)\n"),
                                                        "test"));
  const size_t kernels = jit::nCompiledKernels();
  Runnable(fused, Executor::as_is).run(pointwise_inputs());
  EXPECT_GT(jit::nCompiledKernels(), kernels);
}

TEST(Switches, AreNotTouchedForGraphsWithoutGroups) {
  EXPECT_TRUE(switches_for(*pointwise().graph()).empty());
  EXPECT_EQ(switches_for(*after("fuse-graph").graph()).size(), 1U);
}

} // namespace
} // namespace tsir
