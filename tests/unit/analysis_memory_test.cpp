// Aliases and lifetimes, compared with results worked out by hand.
#include "lib/base/error.h"
#include "lib/analysis/aliases.h"
#include "lib/analysis/liveness.h"
#include "lib/analysis/names.h"
#include "lib/model/text_ir.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

using Names = std::vector<std::string>;

AnalysisInput subject(const std::string& text, const std::vector<c10::IValue>* inputs = nullptr) {
  return analysis_input_of(Unit::of_graph(parse_ir(text, "test.ir"), "test.ir"), inputs);
}

Liveness liveness(const std::string& text, const std::vector<c10::IValue>& inputs) {
  static std::vector<AnalysisInput> kept; // what is returned points into the graph
  kept.push_back(subject(text, &inputs));
  return liveness_of(kept.back());
}

std::vector<uint64_t> bytes_after(const Liveness& liveness) {
  std::vector<uint64_t> bytes;
  for (const Live& live : liveness.nodes) {
    bytes.push_back(live.bytes_after);
  }
  return bytes;
}

TEST(Liveness, AViewCostsNothingAndMemoryEndsWithItsLastUse) {
  const Liveness result = liveness(R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::relu(%x)
  %t : Tensor = aten::t(%a)
  %b : Tensor = aten::add(%t, %t, %one)
  %c : Tensor = aten::relu(%b)
  return (%c)
)",
                                   {at::ones({10, 10})});
  EXPECT_EQ(result.input_bytes, 400U);
  EXPECT_EQ(bytes_after(result), (std::vector<uint64_t>{400, 400, 400, 400}));
  EXPECT_EQ(result.peak_bytes, 800U); // b beside what t looks at
  EXPECT_EQ(result.peak->kind(), c10::aten::add);
  EXPECT_EQ(result.peak_parts.size(), 2U);
}

TEST(Liveness, InPlaceResultsShareTheirMemory) {
  const Liveness result = liveness(R"(graph(%x : Tensor):
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::sigmoid_(%a)
  %c : Tensor = aten::relu_(%b)
  return (%c)
)",
                                   {at::ones({100})});
  EXPECT_EQ(result.peak_bytes, 400U);
}

TEST(Liveness, AReshapeThatMustCopyCosts) {
  const std::string text = R"(graph(%x : Tensor):
  %minus : int = prim::Constant[value=-1]()
  %flat : int[] = prim::ListConstruct(%minus)
  %a : Tensor = aten::relu(%x)
  %t : Tensor = aten::t(%a)
  %r : Tensor = aten::reshape(%t, %flat)
  %y : Tensor = aten::relu(%r)
  return (%y)
)";
  EXPECT_EQ(liveness(text, {at::ones({10, 10})}).peak_bytes, 800U);
}

TEST(Liveness, AListKeepsItsElementsAlive) {
  const Liveness result = liveness(R"(graph(%x : Tensor):
  %zero : int = prim::Constant[value=0]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::sigmoid(%x)
  %l : Tensor[] = prim::ListConstruct(%a, %b)
  %c : Tensor = aten::cat(%l, %zero)
  return (%c)
)",
                                   {at::ones({100})});
  EXPECT_EQ(bytes_after(result), (std::vector<uint64_t>{400, 800, 800, 800}));
  EXPECT_EQ(result.peak_bytes, 1600U);
}

TEST(Liveness, SeesIntoLoopsAndBranches) {
  const Liveness result = liveness(R"(graph(%x : Tensor, %c : bool):
  %true : bool = prim::Constant[value=1]()
  %three : int = prim::Constant[value=3]()
  %y : Tensor = prim::Loop(%three, %true, %x)
    block0(%i : int, %state : Tensor):
      %next : Tensor = aten::mul(%state, %state)
      -> (%true, %next)
  %z : Tensor = prim::If(%c)
    block0():
      %p : Tensor = aten::relu(%y)
      -> (%p)
    block1():
      %q : Tensor = aten::sigmoid(%y)
      -> (%q)
  return (%z)
)",
                                   {at::ones({100}), true});
  EXPECT_EQ(result.peak_bytes, 800U); // the state and the next, or y and p
  EXPECT_TRUE(result.unknown_size.empty());
  EXPECT_EQ(result.nodes.back().bytes_after, 400U);
}

TEST(Aliases, FollowsViewsListsAndWrites) {
  const AnalysisInput graph = subject(R"(graph(%x : Tensor):
  %zero : int = prim::Constant[value=0]()
  %y : Tensor = aten::relu(%x)
  %row : Tensor = aten::select(%y, %zero, %zero)
  %z : Tensor = aten::relu_(%row)
  %other : Tensor = aten::relu(%x)
  %l : Tensor[] = prim::ListConstruct(%other)
  return (%z, %l)
)");
  const Aliases aliases = aliases_of(graph.graph);
  ASSERT_EQ(aliases.sets.size(), 1U);
  EXPECT_EQ(aliases.sets[0].size(), 3U); // y, row, z
  ASSERT_EQ(aliases.writes.size(), 1U);
  EXPECT_EQ(aliases.writes[0].node->kind().toQualString(), std::string("aten::relu_"));
  EXPECT_EQ(aliases.writes[0].values.size(), 3U);
  EXPECT_FALSE(aliases.writes[0].to_wildcard);
  ASSERT_EQ(aliases.containers.size(), 1U);
  EXPECT_EQ(aliases.containers[0].contents.size(), 1U);
  EXPECT_FALSE(aliases.outputs[0].may_be_input);
}

TEST(Aliases, InputsAreOutside) {
  const AnalysisInput graph = subject(R"(graph(%x : Tensor, %y : Tensor):
  %zero : int = prim::Constant[value=0]()
  %row : Tensor = aten::select(%x, %zero, %zero)
  %z : Tensor = aten::relu_(%row)
  return (%z)
)");
  const Aliases aliases = aliases_of(graph.graph);
  EXPECT_EQ(report_names(aliases.wildcard).size(), 4U);
  ASSERT_EQ(aliases.writes.size(), 1U);
  EXPECT_TRUE(aliases.writes[0].to_wildcard);
  EXPECT_TRUE(aliases.outputs[0].may_be_input);
}

TEST(AnalysisInput, LeavesTheUnitAsItIs) {
  jit::Module module("M");
  module.register_buffer("count", at::zeros({1}));
  module.define("def forward(self, x: Tensor):\n  self.count.add_(1)\n  return x + self.count\n");
  const Unit unit = Unit::of_module(module, "forward");
  const std::vector<c10::IValue> inputs{at::ones({2})};
  const std::string before = unit.graph()->toString();
  analysis_input_of(unit, &inputs);
  EXPECT_EQ(module.attr("count").toTensor().item<float>(), 0);
  EXPECT_EQ(unit.graph()->toString(), before);
}

TEST(Listed, SaysHowManyMore) {
  EXPECT_EQ(listed({"%a", "%b", "%c"}, 2), "%a, %b, %c");
  EXPECT_EQ(listed({"%a", "%b", "%c", "%d"}, 2), "%a, %b and 2 more");
}

} // namespace
} // namespace tsir
