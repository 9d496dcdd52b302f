// Levels of detail: what is folded at each, and that every graph has one that can be read.
#include "lib/ir/walk.h"
#include "lib/render/dot/groups.h"
#include "lib/render/dot/levels.h"
#include "lib/render/dot/repeats.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

BuildSettings folding() {
  BuildSettings settings;
  settings.fold_constants = settings.fold_parameters = settings.fold_scalars = settings.hide_checks = true;
  return settings;
}

// The titles and lines of the boxes, except inputs and outputs: "view size=[2, 3]".
std::vector<std::string> box_texts(const Drawing& drawing) {
  std::vector<std::string> texts;
  for (const Box& box : drawing.boxes) {
    if (box.kind != BoxKind::input && box.kind != BoxKind::output) {
      texts.push_back(fmt::format("{}{}{}", box.title, box.lines.empty() ? "" : " ", fmt::join(box.lines, " ")));
    }
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(FoldedScalars, AreTextWhereTheyAreUsed) {
  const Drawing drawing = build_drawing(*parsed(R"(graph(%x : Tensor, %y : Tensor):
  %0 : int = prim::Constant[value=0]()
  %2 : int = prim::Constant[value=2]()
  %n : int = aten::size(%x, %0)
  %m : int = aten::mul(%n, %2)
  %k : int = aten::add(%m, %2)
  %l : int[] = prim::ListConstruct(%k, %2)
  %v : Tensor = aten::view(%y, %l)
  return (%v))"),
                                        folding());
  EXPECT_EQ(box_texts(drawing), (Texts{"view size=[(%x.size(0) * 2) + 2, 2]"}));
  ASSERT_EQ(drawing.edges.size(), 3U);
  EXPECT_EQ(drawing.edges[0].kind, EdgeKind::data);
  EXPECT_EQ(drawing.edges[1].kind, EdgeKind::shape); // from x, of which only the size is used
  EXPECT_EQ(drawing.boxes[drawing.edges[1].from].title, "x");
}

TEST(FoldedScalars, TracedSizesAreScalarsAndTensorsAreNot) {
  const Drawing drawing = build_drawing(*parsed(R"(graph(%x : Tensor):
  %0 : int = prim::Constant[value=0]()
  %n : int = aten::size(%x, %0)
  %t : Tensor = prim::NumToTensor(%n)
  %d : Tensor = aten::floor_divide(%t, %t)
  %i : int = aten::Int(%d)
  %l : int[] = prim::ListConstruct(%i)
  %v : Tensor = aten::view(%x, %l)
  %s : Tensor = aten::sum(%v)
  %j : int = aten::Int(%s)
  %m : int[] = prim::ListConstruct(%j)
  %w : Tensor = aten::view(%v, %m)
  %e : Tensor = aten::mul(%w, %w)
  return (%e))"),
                                        folding());
  EXPECT_EQ(box_texts(drawing), (Texts{"view size=[%x.size(0) // %x.size(0)]", "sum", "Int", "view size=[%9]", "mul"}));
}

TEST(FoldedScalars, AListThatIsChangedIsDrawn) {
  const Drawing drawing = build_drawing(*parsed(R"(graph(%x : Tensor):
  %0 : int = prim::Constant[value=0]()
  %n : int = aten::size(%x, %0)
  %l : int[] = prim::ListConstruct(%n)
  %a : int[] = aten::append(%l, %n)
  %v : Tensor = aten::view(%x, %l)
  return (%v))"),
                                        folding());
  EXPECT_EQ(box_texts(drawing), (Texts{"ListConstruct %x.size(0)", "append el=%x.size(0)", "view"}));
}

GraphPtr checking() {
  const GraphPtr graph = parsed(R"(graph(%x : Tensor, %c : bool):
  %m : str = prim::Constant[value="must not"]()
  %y : Tensor = prim::If(%c)
    block0():
      %u : Tensor = prim::Uninitialized()
      -> (%u)
    block1():
      %r : Tensor = aten::relu(%x)
      -> (%r)
  return (%y))");
  jit::Node* branch = graph->block()->nodes().front()->next();
  jit::Node* raise = graph->create(c10::prim::RaiseException, {graph->block()->nodes().front()->output()}, 0);
  branch->blocks()[0]->appendNode(raise); // the parser does not read nodes without outputs
  return graph;
}

TEST(FoldedChecks, TheArmThatDoesNotRaiseIsDrawnAsIfThereWereNoBranch) {
  const Drawing shown = build_drawing(*checking(), {});
  EXPECT_TRUE(shown.clusters.empty());
  EXPECT_EQ(box_texts(shown), (Texts{"check raises if true must not", "relu"}));
  EXPECT_EQ(box_texts(build_drawing(*checking(), folding())), (Texts{"relu"}));
  BuildSettings everything;
  everything.fold_checks = false;
  EXPECT_EQ(build_drawing(*checking(), everything).clusters.size(), 3U);
}

TEST(FoldedChecks, AnArmThatNeverRunsIsLeftOutWithThem) {
  const auto graph = parsed(R"(graph(%x : Tensor):
  %t : bool = prim::Constant[value=0]()
  %y : Tensor = prim::If(%t)
    block0():
      %s : Tensor = aten::sin(%x)
      -> (%s)
    block1():
      %r : Tensor = aten::relu(%x)
      -> (%r)
  return (%y))");
  EXPECT_EQ(build_drawing(*graph, {}).clusters.size(), 3U);
  EXPECT_EQ(box_texts(build_drawing(*graph, folding())), (Texts{"relu"}));
}

TEST(FoldedChecks, AnAttributeThatIsWrittenDecidesNothing) {
  for (const bool written : {false, true}) {
    jit::Module module("Flagged");
    module.register_attribute("flag", c10::BoolType::get(), true);
    module.define(std::string("def forward(self, x):\n  if self.flag:\n    x = x.relu()\n  else:\n    x = x.sin()\n") +
                  (written ? "  self.flag = False\n" : "") + "  return x\n");
    BuildSettings settings = folding();
    settings.module = &module;
    const Drawing drawing = build_drawing(*inlined(*module.get_method("forward").graph()), settings);
    EXPECT_EQ(drawing.clusters.size(), written ? 3U : 0U);
  }
}

// `count` layers of two operators each, one after the other.
Drawing layers(size_t count, const std::string& odd_line = "") {
  Drawing drawing;
  for (size_t i = 0; i < 2 * count; ++i) {
    Box box;
    box.title = i % 2 == 0 ? "linear" : "relu";
    box.operators = 1;
    box.module = {{"layer", "ModuleList", false}, {std::to_string(i / 2), "Layer", false}};
    box.lines = {fmt::format("of %{}", i), i == 2 ? odd_line : ""};
    drawing.boxes.push_back(box);
    if (i > 0) {
      drawing.edges.push_back({i - 1, i, EdgeKind::data, fmt::format("%{}", i), {fmt::format("%{}", i)}, ""});
    }
  }
  return drawing;
}

TEST(Repeats, AreDrawnOnceInAFrameThatCounts) {
  const Drawing once = repeats_once(layers(12), Sameness::exact);
  ASSERT_EQ(once.boxes.size(), 2U);
  ASSERT_EQ(once.clusters.size(), 1U);
  EXPECT_EQ(once.clusters[0].kind, ClusterKind::repeated);
  EXPECT_EQ(once.clusters[0].title, "layer.0 … 11 × 12 (Layer)");
  EXPECT_EQ(once.boxes[0].cluster, 0);
  ASSERT_EQ(once.edges.size(), 2U);
  EXPECT_EQ(once.edges[0].kind, EdgeKind::data);
  EXPECT_EQ(once.edges[1].kind, EdgeKind::repeated); // from the end of a layer to the beginning of the next
  EXPECT_EQ(once.edges[1].from, 1U);
  EXPECT_EQ(once.edges[1].to, 0U);
}

TEST(Repeats, ThatDifferInSizesAreJoinedOnlyWhenAsked) {
  const Drawing drawing = layers(6, "another size");                  // the second layer differs
  EXPECT_EQ(repeats_once(drawing, Sameness::exact).boxes.size(), 6U); // 0, 1, and 2 to 5
  EXPECT_EQ(repeats_once(drawing, Sameness::operators).boxes.size(), 2U);
}

TEST(Repeats, SideBySideStayApart) {
  Drawing drawing = layers(3);
  std::erase_if(drawing.edges, [](const Edge& edge) { return edge.to % 2 == 0; }); // nothing leads to the next
  EXPECT_EQ(repeats_once(drawing, Sameness::exact).boxes.size(), 6U);
}

TEST(Repeats, OfOneBoxAreCountedInItsLabel) {
  Drawing drawing;
  for (size_t i = 0; i < 3; ++i) {
    Box box;
    box.kind = BoxKind::submodule;
    box.title = fmt::format("h.{}", i);
    box.module = {{"h", "ModuleList", false}, {std::to_string(i), "Block", false}};
    drawing.boxes.push_back(box);
    if (i > 0) {
      drawing.edges.push_back({i - 1, i, EdgeKind::data, "", {}, ""});
    }
  }
  const Drawing once = repeats_once(drawing, Sameness::exact);
  ASSERT_EQ(once.boxes.size(), 1U);
  EXPECT_EQ(once.boxes[0].title, "h.0 … 2 × 3");
  EXPECT_TRUE(once.edges.empty());
}

TEST(Repeats, AFrameInARepetitionStaysInsideItsFrame) {
  Drawing drawing = layers(3);
  for (size_t i = 0; i < 3; ++i) {
    drawing.clusters.push_back({ClusterKind::control, "If", "", -1, drawing.boxes[2 * i].module});
    drawing.boxes[2 * i].cluster = static_cast<int>(i);
  }
  const Drawing once = repeats_once(drawing, Sameness::exact);
  ASSERT_EQ(once.clusters.size(), 2U);
  EXPECT_EQ(once.clusters[0].kind, ClusterKind::repeated);
  EXPECT_EQ(once.clusters[1].parent, 0);
  EXPECT_EQ(once.boxes[0].cluster, 1);
  EXPECT_EQ(once.boxes[1].cluster, 0);
}

TEST(Groups, BranchesBecomeBoxes) {
  const Drawing drawing = frames_as_boxes(build_drawing(*parsed(R"(graph(%x : Tensor, %c : bool):
  %y : Tensor = prim::If(%c)
    block0():
      %s : Tensor = aten::sin(%x)
      -> (%s)
    block1():
      %r : Tensor = aten::relu(%x)
      -> (%r)
  return (%y))"),
                                                        {}));
  EXPECT_TRUE(drawing.clusters.empty());
  EXPECT_EQ(box_texts(drawing), (Texts{"If 1 × If 1 × relu 1 × sin"}));
  EXPECT_EQ(drawing.edges.size(), 3U);
}

// A graph of `count` operators in a row.
GraphPtr chain_of(size_t count) {
  std::string text = "graph(%x : Tensor):\n  %0 : Tensor = aten::relu(%x)\n";
  for (size_t i = 1; i < count; ++i) {
    text += fmt::format("  %{} : Tensor = aten::relu(%{})\n", i, i - 1);
  }
  return parsed(text + fmt::format("  return (%{})\n", count - 1));
}

TEST(Levels, ASmallGraphIsDrawnInFull) {
  const Readable drawn = draw_readable(*chain_of(5), {}, 200);
  EXPECT_TRUE(drawn.everything);
  EXPECT_EQ(drawn.drawing.boxes.size(), 7U);
}

TEST(Levels, AGraphWithoutSubmodulesIsCutIntoConsecutiveOperators) {
  const Readable drawn = draw_readable(*chain_of(1000), {}, 200);
  EXPECT_FALSE(drawn.everything);
  EXPECT_EQ(drawn.level, "consecutive operators joined");
  EXPECT_EQ(drawn.next_finer, 1002U);
  EXPECT_EQ(drawn.drawing.boxes.size(), 200U);
  EXPECT_EQ(drawn.drawing.edges.size(), 199U); // still a chain
  EXPECT_EQ(drawn.drawing.boxes[1].title, "operators 1 to 6");
  EXPECT_TRUE(draw_readable(*chain_of(1000), {}, 1002).everything);
}

TEST(Levels, ManyInputsAndOutputsAreJoinedToo) {
  std::string inputs = "%x : Tensor";
  std::string outputs = "%x";
  for (size_t i = 0; i < 500; ++i) {
    inputs += fmt::format(", %{} : Tensor", i);
    outputs += fmt::format(", %{}", i);
  }
  const Readable drawn = draw_readable(*parsed(fmt::format("graph({}):\n  return ({})\n", inputs, outputs)), {}, 50);
  EXPECT_LE(size_of(drawn.drawing), 50U);
  EXPECT_EQ(drawn.drawing.boxes[0].title, "501 inputs");
}

// Modules of `depth` levels, each of which calls one of the next twice, by two names.
jit::Module nested(size_t depth) {
  jit::Module module(fmt::format("Level{}", depth));
  if (depth == 0) {
    module.define("def forward(self, x):\n  return x.relu().neg().abs()\n");
    return module;
  }
  const jit::Module inner = nested(depth - 1);
  module.register_module("a", inner);
  module.register_module("b", inner);
  module.define("def forward(self, x):\n  return self.b.forward(self.a.forward(x))\n");
  return module;
}

TEST(Levels, SubmodulesAreCollapsedFromTheDeepestUp) {
  const jit::Module module = nested(6); // 64 leaves, 192 operators
  const GraphPtr graph = module.get_method("forward").graph();
  EXPECT_TRUE(draw_readable(*graph, {}, 194).everything);
  const Readable repeated = draw_readable(*graph, {}, 193); // all is repeated
  EXPECT_EQ(repeated.level, "every operator of tensors, sizes in the labels, without checks, repeated submodules once");
  EXPECT_EQ(repeated.drawing.boxes.size(), 5U) << fmt::format("{}", fmt::join(box_texts(repeated.drawing), "\n"));
  EXPECT_EQ(repeated.drawing.clusters.size(), 6U);
  EXPECT_EQ(repeated.next_finer, 194U);
}

TEST(Levels, WhatCannotBeInlinedIsDrawnBySubmodules) {
  const jit::Module module = nested(16); // 200,000 operators
  const Readable drawn = draw_readable(*module.get_method("forward").graph(), {}, 100);
  EXPECT_LE(size_of(drawn.drawing), 100U);
  EXPECT_NE(drawn.level.find("submodules of depth"), std::string::npos) << drawn.level;
  EXPECT_FALSE(drawn.everything);
}

} // namespace
} // namespace tsir
