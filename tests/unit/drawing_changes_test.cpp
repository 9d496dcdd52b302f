// One drawing of what a pass did.
#include "lib/render/dot/changes.h"
#include "lib/render/dot/labels.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

std::string mark_of(Change change) {
  switch (change) {
  case Change::stayed:
    return "=";
  case Change::changed:
    return "~";
  case Change::came:
    return "+";
  case Change::went:
    return "-";
  case Change::none:
    break;
  }
  return "?";
}

std::vector<std::string> marked_boxes(const Drawing& drawing) {
  std::vector<std::string> lines;
  for (const Box& box : drawing.boxes) {
    lines.push_back(fmt::format("{} {}", mark_of(box.change), box.title));
  }
  std::ranges::sort(lines);
  return lines;
}

using Marks = std::vector<std::string>;

const char* const twice = R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::sin(%x)
  %3 : Tensor = aten::sin(%x)
  %4 : Tensor = aten::mul(%2, %3)
  %5 : Tensor = aten::sub(%1, %4)
  return (%5))";
const char* const once = R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::sin(%x)
  %4 : Tensor = aten::mul(%2, %2)
  %5 : Tensor = aten::abs(%4)
  %6 : Tensor = aten::sub(%1, %5)
  return (%6))";

TEST(Changes, SayWhatWentCameStayedAndChanged) {
  const GraphPtr before = parsed(twice);
  const GraphPtr after = parsed(once);
  const Drawing drawing = draw_changes({*before, nullptr}, {*after, nullptr}, {});
  EXPECT_EQ(marked_boxes(drawing), (Marks{"+ abs", "- sin", "= output", "= relu", "= sin", "= x", "~ mul", "~ sub"}));
  size_t went = 0;
  for (const Edge& edge : drawing.edges) {
    went += edge.change == Change::went ? 1 : 0;
  }
  EXPECT_EQ(went, 3U); // x -> sin, sin -> mul, mul -> sub
}

TEST(Changes, AnotherConstantIsAChangeAndAnotherNameIsNot) {
  const auto with = [](const char* dim, const char* name) {
    return parsed(fmt::format("graph(%x : Tensor):\n  %{1} : int = prim::Constant[value={0}]()\n"
                              "  %y : Tensor = aten::softmax(%x, %{1}, %{1})\n  return (%y)\n",
                              dim, name));
  };
  const GraphPtr before = with("1", "a");
  const GraphPtr renamed = with("1", "b");
  const GraphPtr other = with("0", "a");
  BuildSettings folded;
  folded.fold_constants = true;
  EXPECT_EQ(marked_boxes(draw_changes({*before, nullptr}, {*renamed, nullptr}, folded)),
            (Marks{"= output", "= softmax", "= x"}));
  EXPECT_EQ(marked_boxes(draw_changes({*before, nullptr}, {*other, nullptr}, folded)),
            (Marks{"= output", "= x", "~ softmax"}));
}

TEST(Changes, NothingChangesInTheSameGraph) {
  const GraphPtr graph = parsed(twice);
  for (const Box& box : draw_changes({*graph, nullptr}, {*graph, nullptr}, {}).boxes) {
    EXPECT_EQ(box.change, Change::stayed) << box.title;
  }
}

TEST(Changes, AFrameThatWentIsDrawnAndTheOneThatStayedIsShared) {
  const GraphPtr before = parsed(R"(graph(%x : Tensor, %c : bool):
  %y : Tensor = prim::If(%c)
    block0():
      %s : Tensor = aten::sin(%x)
      -> (%s)
    block1():
      -> (%x)
  return (%y))");
  const GraphPtr after = parsed(R"(graph(%x : Tensor, %c : bool):
  %s : Tensor = aten::sin(%x)
  return (%s))");
  EXPECT_EQ(draw_changes({*before, nullptr}, {*after, nullptr}, {}).clusters.size(), 3U);
  EXPECT_EQ(draw_changes({*before, nullptr}, {*before, nullptr}, {}).clusters.size(), 3U);
}

TEST(Changes, OnlyTheirNeighboursAreKept) {
  const GraphPtr before = parsed(twice);
  const GraphPtr after = parsed(once);
  const Drawing drawing = draw_changes({*before, nullptr}, {*after, nullptr}, {});
  EXPECT_EQ(only_changes(drawing).boxes.size(), drawing.boxes.size()); // all are next to a change
  const GraphPtr longer = parsed(R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::sin(%1)
  %3 : Tensor = aten::cos(%2)
  %4 : Tensor = aten::tan(%3)
  return (%4))");
  const GraphPtr shorter = parsed(R"(graph(%x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = aten::sin(%1)
  %3 : Tensor = aten::cos(%2)
  return (%3))");
  EXPECT_EQ(marked_boxes(only_changes(draw_changes({*longer, nullptr}, {*shorter, nullptr}, {}))),
            (Marks{"- tan", "= cos", "~ output"}));
}

TEST(Changes, LargeOnesAreJoined) {
  std::string text = "graph(%x : Tensor):\n  %0 : Tensor = aten::relu(%x)\n";
  for (size_t i = 1; i < 400; ++i) {
    text += fmt::format("  %{} : Tensor = aten::relu(%{})\n", i, i - 1);
  }
  const GraphPtr before = parsed(text + "  return (%399)\n");
  const GraphPtr after = parsed("graph(%x : Tensor):\n  %0 : Tensor = aten::tanh(%x)\n  return (%0)\n");
  const Readable drawn = draw_readable_changes({*before, nullptr}, {*after, nullptr}, {}, 100);
  EXPECT_LE(size_of(drawn.drawing), 100U);
  EXPECT_FALSE(drawn.everything);
  EXPECT_EQ(drawn.level, "only what changed, consecutive operators joined");
}

TEST(Changes, AreMarkedInLabelsAndLegend) {
  Box box;
  box.title = "relu";
  box.change = Change::went;
  EXPECT_EQ(html_label(box), "<B>− relu</B>");
  Drawing drawing;
  drawing.boxes = {box};
  EXPECT_NE(html_legend(drawing).find("went"), std::string::npos);
}

} // namespace
} // namespace tsir
