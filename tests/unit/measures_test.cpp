// What drawings are coloured by: the numbers of nodes, and what boxes show of them.
#include "lib/base/error.h"
#include "lib/bench/operators/graph_times.h"
#include "lib/measure/measures.h"
#include "lib/render/dot/collapse.h"
#include "lib/render/dot/groups.h"
#include "lib/render/dot/heat.h"
#include "lib/render/dot/labels.h"
#include "lib/render/dot/repeats.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

using Places = std::vector<size_t>;

NodeMeasures times(std::vector<std::optional<double>> ns) {
  return {.what = Measure::time, .of_node = std::move(ns), .how = "time"};
}

Box box_of(const std::string& title, Places nodes, std::vector<ModuleStep> module = {}) {
  Box box;
  box.title = title;
  box.operators = 1;
  box.nodes = std::move(nodes);
  box.module = std::move(module);
  return box;
}

Edge edge_of(size_t from, size_t to) {
  Edge edge;
  edge.from = from;
  edge.to = to;
  return edge;
}

TEST(Measures, SeveralNodesHaveTheSumAndTheLargestDrift) {
  NodeMeasures measures = times({1.0, std::nullopt, 4.0});
  EXPECT_EQ(combined(measures, {0, 1, 2}), 5.0);
  EXPECT_EQ(combined(measures, {1}), std::nullopt);
  measures.what = Measure::drift;
  EXPECT_EQ(combined(measures, {0, 2}), 4.0);
}

TEST(Measures, NamesAreReadAndOthersAreRefused) {
  for (const char* name : {"time", "flops", "memory", "drift"}) {
    EXPECT_EQ(to_string(parse_measure(name)), name);
  }
  EXPECT_THROW(parse_measure("speed"), Error);
}

TEST(Heat, StepsAreSharesOfTheLargestBox) {
  Drawing drawing;
  drawing.boxes = {box_of("a", {0}), box_of("b", {1}), box_of("c", {2}), box_of("d", {3}), box_of("e", {})};
  color_by(drawing, times({3e6, 0.5e6, std::nullopt, 0.0}));
  EXPECT_EQ(drawing.boxes[0].heat->step, heat_steps - 1);
  EXPECT_EQ(drawing.boxes[0].heat->text, "3.00 ms, 86 %");
  EXPECT_EQ(drawing.boxes[1].heat->step, 3U);
  EXPECT_FALSE(drawing.boxes[2].heat);
  EXPECT_EQ(drawing.boxes[3].heat->step, 0U);
  EXPECT_EQ(drawing.boxes[3].heat->text, "");
  EXPECT_FALSE(drawing.boxes[4].heat);
  ASSERT_EQ(drawing.scale->steps.size(), heat_steps);
  EXPECT_EQ(drawing.scale->steps.back(), "1.00 ms and more");
  EXPECT_EQ(drawing.scale->title, "time; 3.50 ms in all");
  const std::string legend = html_legend(drawing);
  EXPECT_NE(legend.find("1.00 ms and more"), std::string::npos);
  EXPECT_NE(legend.find("not known"), std::string::npos);
  EXPECT_NE(html_label(drawing.boxes[0]).find("<B>3.00 ms, 86 %</B>"), std::string::npos);
}

TEST(Heat, DriftHasStepsOfItsOwn) {
  Drawing drawing;
  drawing.boxes = {box_of("a", {0}), box_of("b", {1}), box_of("c", {2})};
  color_by(drawing, {.what = Measure::drift, .of_node = {0.0, 2e-8, 0.5}, .how = "drift"});
  EXPECT_EQ(drawing.boxes[0].heat->text, "identical");
  EXPECT_EQ(drawing.boxes[0].heat->step, 0U);
  EXPECT_EQ(drawing.boxes[1].heat->text, "2.0e-08");
  EXPECT_EQ(drawing.boxes[1].heat->step, 1U);
  EXPECT_EQ(drawing.boxes[2].heat->step, heat_steps - 1);
}

TEST(Heat, ABoxStandsForTheNodesOfAllThatItReplaces) {
  Drawing drawing;
  const std::vector<ModuleStep> layer = {{"layer", "Layer", false}};
  drawing.boxes = {box_of("a", {0}, layer), box_of("b", {1}, layer)};
  drawing.clusters = {{ClusterKind::fused, "group", "", -1, layer}};
  drawing.clusters[0].nodes = {2};
  drawing.boxes[1].cluster = 0;
  const Drawing joined = collapsed(drawing, 1);
  ASSERT_EQ(joined.boxes.size(), 1U);
  EXPECT_EQ(joined.boxes[0].nodes, (Places{0, 1, 2}));
  const Drawing frames = frames_as_boxes(drawing);
  ASSERT_EQ(frames.boxes.size(), 2U);
  EXPECT_EQ(frames.boxes[1].nodes, (Places{1, 2}));
}

TEST(Heat, WhatIsDrawnOnceStandsForAllRepetitions) {
  Drawing drawing;
  for (size_t i = 0; i < 3; ++i) {
    drawing.boxes.push_back(box_of("relu", {i}, {{"layers", "List", false}, {std::to_string(i), "Layer", true}}));
    if (i > 0) {
      drawing.edges.push_back(edge_of(i - 1, i));
    }
  }
  const Drawing once = repeats_once(drawing, Sameness::exact);
  ASSERT_EQ(once.boxes.size(), 1U);
  EXPECT_EQ(once.boxes[0].nodes, (Places{0, 1, 2}));
}

TEST(Drift, IsRelativeToTheLargestElement) {
  EXPECT_EQ(drift_of(at::ones({3}), at::ones({3})), 0.0);
  EXPECT_NEAR(*drift_of(at::tensor({1.0, -4.0}), at::tensor({1.0, -4.1})), 0.025, 1e-9);
  EXPECT_EQ(drift_of(at::ones({3}), at::ones({2})), std::nullopt);
  const at::Tensor nan = at::full({2}, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(drift_of(nan, nan), 0.0);
  EXPECT_EQ(drift_of(at::ones({2}), nan), std::numeric_limits<double>::infinity());
  EXPECT_EQ(drift_of(at::zeros({2}), at::ones({2})), std::numeric_limits<double>::infinity());
  EXPECT_EQ(drift_of(at::empty({0}), at::empty({0})), 0.0);
  EXPECT_EQ(drift_of(at::tensor({1, 2}), at::tensor({1, 2})), 0.0);
}

TEST(Drift, PartnersAreComparedAndTheResults) {
  const Unit before = Unit::of_graph(parsed(R"(graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::add(%a, %a, %one)
  %c : Tensor = aten::neg(%b)
  return (%c))"),
                                     "before");
  const GraphPtr changed = parsed(R"(graph(%x : Tensor):
  %two : float = prim::Constant[value=2.5]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::mul(%a, %two)
  %c : Tensor = aten::neg(%b)
  return (%c))");
  const Unit after = Unit::of_graph(changed, "after");
  const std::vector<c10::IValue> inputs = {at::ones({2})};
  const NodeMeasures drift = drift_measures(before, after, *changed, {.inputs = inputs});
  ASSERT_EQ(drift.of_node.size(), 4U);
  EXPECT_EQ(drift.of_node[0], std::nullopt); // a number
  EXPECT_EQ(drift.of_node[1], 0.0);
  EXPECT_EQ(drift.of_node[2], 0.25); // it came, but its user took 2 before
  EXPECT_EQ(drift.of_node[3], 0.25);         // 2.5 instead of 2
  EXPECT_EQ(inputs[0].toTensor().sum().item<double>(), 2);
}

TEST(Drift, WhatTookOverTheWorkOfAnotherIsComparedWithItsResult) {
  const Unit before = Unit::of_graph(parsed(R"(graph(%x : Tensor):
  %two : float = prim::Constant[value=2]()
  %three : float = prim::Constant[value=3]()
  %a : Tensor = aten::mul(%x, %two)
  %b : Tensor = aten::div(%a, %three)
  %c : Tensor = aten::relu(%b)
  %d : Tensor = aten::neg(%c)
  return (%d))"),
                                     "before");
  const GraphPtr folded = parsed(R"(graph(%x : Tensor):
  %factor : float = prim::Constant[value=0.666666666666]()
  %a : Tensor = aten::mul(%x, %factor)
  %c : Tensor = aten::relu(%a)
  %d : Tensor = aten::neg(%c)
  return (%d))");
  const std::vector<c10::IValue> inputs = {at::ones({2})};
  const NodeMeasures drift = drift_measures(before, Unit::of_graph(folded, "after"), *folded, {.inputs = inputs});
  ASSERT_TRUE(drift.of_node[1]);
  EXPECT_LT(*drift.of_node[1], 1e-6);
}

TEST(GraphTimes, EachNodeThatRanHasATime) {
  const GraphPtr graph = parsed(R"(graph(%x : Tensor, %c : bool):
  %a : Tensor = aten::relu(%x)
  %b : Tensor = prim::If(%c)
    block0():
      %d : Tensor = aten::exp(%a)
      -> (%d)
    block1():
      %e : Tensor = aten::neg(%a)
      -> (%e)
  %p : Tensor = aten::matmul(%b, %b)
  return (%p))");
  size_t made = 0;
  const auto arguments = [&] {
    ++made;
    return jit::Stack{at::ones({256, 256}), true};
  };
  const GraphTimes times = times_of_nodes(*graph, arguments, {.seconds = 0.2, .most_calls = 5});
  ASSERT_EQ(times.ns.size(), 5U); // relu, If, exp, neg, matmul
  EXPECT_GT(times.ns[0].value_or(0), 0);
  EXPECT_TRUE(times.ns[1]);
  EXPECT_GT(times.ns[2].value_or(0), 0);
  EXPECT_EQ(times.ns[3], std::nullopt);
  EXPECT_GT(times.ns[4].value_or(0), 0);
  EXPECT_GE(times.calls, 1U);
  EXPECT_EQ(made, times.calls + 1); // one to warm up
}

TEST(GraphTimes, AModelThatThrowsIsAnErrorInOneLine) {
  const GraphPtr graph = parsed(R"(graph(%x : Tensor):
  %a : Tensor = aten::matmul(%x, %x)
  return (%a))");
  try {
    times_of_nodes(*graph, [] { return jit::Stack{at::ones({2, 3})}; });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

TEST(Inlining, EachNodeKeepsItsSubmodule) {
  jit::Module inner("Inner");
  inner.define("def forward(self, x):\n  return x.relu()\n");
  jit::Module outer("Outer");
  outer.register_module("part", inner);
  outer.define("def forward(self, x):\n  return self.part.forward(x).neg()\n");
  const OpenedGraph opened = inlined_with_modules(*outer.get_method("forward").graph());
  std::vector<std::string> nodes;
  size_t place = 0;
  for (const jit::Node* node : opened.graph->nodes()) {
    nodes.push_back(fmt::format("{} {}", node->kind().toUnqualString(), path_text(opened.modules.at(place++))));
  }
  EXPECT_EQ(nodes, (std::vector<std::string>{"GetAttr ", "relu part", "neg "}));
}

} // namespace
} // namespace tsir
