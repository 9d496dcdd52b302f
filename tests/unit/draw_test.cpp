// A drawing as a whole: its title, its format, and which part of a graph it shows.
#include "lib/base/error.h"
#include "lib/render/dot/draw.h"
#include "lib/render/dot/output.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

TEST(Draw, TheTitleSaysWhatIsDrawn) {
  EXPECT_EQ(drawing_title("/models/a.pt", "forward", "freeze-module"), "a.pt · forward · after freeze-module");
  EXPECT_EQ(drawing_title("a.ir", "", ""), "a.ir");
  EXPECT_EQ(drawing_title("-", "", "cse"), "standard input · after cse");
}

TEST(Draw, TheNameOfAFileSaysItsFormat) {
  EXPECT_EQ(drawing_format(""), "dot");
  EXPECT_EQ(drawing_format("-"), "dot");
  EXPECT_EQ(drawing_format("a.gv"), "dot");
  EXPECT_EQ(drawing_format("a.SVG"), "svg");
  EXPECT_THROW(drawing_format("a.txt"), Error);
  EXPECT_THROW(drawing_format("svg"), Error);
}

TEST(Draw, AGraphWithoutSubmodulesCannotBeCollapsed) {
  const GraphPtr graph = parsed("graph(%x : Tensor):\n  %y : Tensor = aten::relu(%x)\n  return (%y)\n");
  DrawSettings settings;
  EXPECT_EQ(draw(*graph, settings).boxes.size(), 3U);
  settings.collapse = 1;
  EXPECT_THROW(draw(*graph, settings), Error);
}

TEST(Draw, OnlyWhatIsNearAValueIsKept) {
  const GraphPtr graph = parsed("graph(%x : Tensor):\n  %a : Tensor = aten::relu(%x)\n  %b : Tensor = aten::neg(%a)\n"
                                "  %c : Tensor = aten::abs(%b)\n  %d : Tensor = aten::exp(%c)\n"
                                "  %e : Tensor = aten::tanh(%d)\n  return (%e)\n");
  DrawSettings settings;
  settings.around = "%2"; // the result of neg: parsing gives numbers
  settings.depth = 0;
  std::vector<std::string> kept;
  for (const Box& box : draw(*graph, settings).boxes) {
    if (box.kind != BoxKind::more) {
      kept.push_back(box.title);
    }
  }
  EXPECT_EQ(kept, (std::vector<std::string>{"neg", "abs"}));
}

} // namespace
} // namespace tsir
