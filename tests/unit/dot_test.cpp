// Drawings of graphs: as data first, then as DOT and rendered files.
#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/render/dot/build.h"
#include "lib/render/dot/collapse.h"
#include "lib/render/dot/focus.h"
#include "lib/render/dot/graphviz.h"
#include "lib/render/dot/labels.h"
#include "lib/render/dot/text.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

Drawing drawn(const std::string& text, const BuildSettings& settings = {}) {
  return build_drawing(*parsed(text), settings);
}

const Box* find(const Drawing& drawing, const std::string& title) {
  const auto at =
      std::find_if(drawing.boxes.begin(), drawing.boxes.end(), [&](const Box& box) { return box.title == title; });
  return at == drawing.boxes.end() ? nullptr : &*at;
}

// "relu -> output: %1", one per line, sorted.
std::string edges(const Drawing& drawing) {
  std::vector<std::string> lines;
  for (const Edge& edge : drawing.edges) {
    std::string label = edge.label;
    std::replace(label.begin(), label.end(), '\n', ' ');
    lines.push_back(fmt::format("{} -> {}: {}\n", drawing.boxes[edge.from].title, drawing.boxes[edge.to].title, label));
  }
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, ""));
}

const char* const simple = R"(graph(%x : Float(4, 8), %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %z : Tensor = aten::add(%x, %y, %one)
  %r : Tensor = aten::relu_(%z)
  return (%r))";

TEST(Drawing, HasInputsOperatorsOutputsAndNotesOfConstants) {
  const Drawing drawing = drawn(simple);
  EXPECT_EQ(edges(drawing), " -> add: \n"
                            "add -> relu_: %3\n"
                            "relu_ -> output: %4\n"
                            "x -> add: 0: %x float32[4,8]\n"
                            "y -> add: 1: %y\n");
  const Box& note = drawing.boxes[3];
  EXPECT_EQ(note.kind, BoxKind::constant);
  EXPECT_EQ(note.lines, (std::vector<std::string>{"alpha=1"}));
  EXPECT_EQ(find(drawing, "x")->kind, BoxKind::input);
  EXPECT_EQ(find(drawing, "output")->kind, BoxKind::output);
  EXPECT_EQ(find(drawing, "relu_")->kind, BoxKind::activation);
  EXPECT_TRUE(find(drawing, "relu_")->writes);
  EXPECT_FALSE(find(drawing, "add")->writes);
}

TEST(Drawing, FoldsConstantsIntoLabelsWhenAsked) {
  BuildSettings settings;
  settings.fold_constants = true;
  settings.types = false;
  const Drawing drawing = drawn(simple, settings);
  EXPECT_EQ(drawing.boxes.size(), 5U);
  EXPECT_EQ(find(drawing, "add")->lines, (std::vector<std::string>{"alpha=1"}));
  EXPECT_EQ(drawing.edges[0].label, "0: %x");
}

TEST(Drawing, DrawsListsOfConstantsAsConstantsUnlessTheyAreChanged) {
  const char* const text = R"(graph(%x : Tensor):
  %1 : int = prim::Constant[value=2]()
  %2 : int[] = prim::ListConstruct(%1, %1)
  %3 : int[] = prim::ListConstruct(%1)
  %4 : int[] = aten::append(%3, %1)
  %5 : Tensor = aten::view(%x, %2)
  %6 : Tensor = aten::view(%5, %3)
  return (%6))";
  BuildSettings settings;
  settings.fold_constants = true;
  const Drawing drawing = drawn(text, settings);
  EXPECT_EQ(find(drawing, "view")->lines, (std::vector<std::string>{"size=[2, 2]"}));
  EXPECT_NE(find(drawing, "ListConstruct"), nullptr);
}

TEST(Drawing, OneEdgeForAValueUsedTwiceByANode) {
  EXPECT_EQ(edges(drawn("graph(%x : Tensor):\n  %1 : Tensor = aten::mul(%x, %x)\n  return (%1)")),
            "mul -> output: %1\nx -> mul: 0,1: %x\n");
}

const char* const branching = R"(graph(%c : bool, %x : Tensor):
  %1 : Tensor = aten::tanh(%x)
  %2 : Tensor = prim::If(%c)
    block0():
      %3 : Tensor = aten::sin(%1)
      -> (%3)
    block1():
      -> (%1)
  return (%2))";

TEST(Drawing, FramesTheBlocksOfAnIf) {
  const Drawing drawing = drawn(branching);
  ASSERT_EQ(drawing.clusters.size(), 3U);
  EXPECT_EQ(drawing.clusters[0].title, "If");
  EXPECT_EQ(drawing.clusters[1].title, "then");
  EXPECT_EQ(drawing.clusters[1].parent, 0);
  EXPECT_EQ(drawing.clusters[2].title, "else");
  EXPECT_EQ(find(drawing, "sin")->cluster, 1);
  EXPECT_EQ(find(drawing, "tanh")->cluster, -1);
  EXPECT_EQ(edges(drawing), "If -> else gives: else\n"
                            "If -> sin: then\n"
                            "c -> If: %c bool\n"
                            "else gives -> end If: \n"
                            "end If -> output: %3\n"
                            "sin -> then gives: %4\n"
                            "tanh -> else gives: %2\n"
                            "tanh -> sin: %2\n"
                            "then gives -> end If: \n"
                            "x -> tanh: %x\n");
}

TEST(Drawing, ShowsWhatALoopCarries) {
  const Drawing drawing = drawn(R"(graph(%n : int, %x : Tensor):
  %t : bool = prim::Constant[value=1]()
  %r : Tensor = prim::Loop(%n, %t, %x)
    block0(%i : int, %acc : Tensor):
      %s : Tensor = aten::sin(%acc)
      -> (%t, %s)
  return (%r))");
  EXPECT_EQ(drawing.clusters.size(), 2U);
  EXPECT_EQ(find(drawing, "each iteration")->lines, (std::vector<std::string>{"%i : int", "%acc : Tensor"}));
  const auto carried = std::find_if(drawing.edges.begin(), drawing.edges.end(),
                                    [](const Edge& edge) { return edge.kind == EdgeKind::carried; });
  ASSERT_NE(carried, drawing.edges.end());
  EXPECT_EQ(drawing.boxes[carried->from].title, "next iteration");
  EXPECT_EQ(drawing.boxes[carried->to].title, "each iteration");
}

TEST(Drawing, LeadsValuesStraightThroughAFusionGroup) {
  auto graph = parsed("graph(%x : Tensor):\n  %1 : Tensor = prim::TensorExprGroup(%x)\n  return (%1)");
  graph->block()->nodes().front()->g_(c10::attr::Subgraph, parsed(R"(graph(%a : Tensor):
  %b : Tensor = aten::sin(%a)
  return (%b))"));
  const Drawing drawing = build_drawing(*graph, {});
  ASSERT_EQ(drawing.clusters.size(), 1U);
  EXPECT_EQ(drawing.clusters[0].title, "TensorExprGroup");
  EXPECT_EQ(drawing.clusters[0].kind, ClusterKind::fused);
  EXPECT_EQ(find(drawing, "sin")->cluster, 0);
  EXPECT_EQ(edges(drawing), "sin -> output: %1\nx -> sin: %a\n");
}

jit::Module small_module() {
  jit::Module child("Child");
  child.register_parameter("weight", at::zeros({3, 2}), false);
  child.define("def forward(self, x):\n  return x.matmul(self.weight)\n");
  jit::Module top("Top");
  top.register_module("fc", child);
  top.define("def forward(self, x):\n  return self.fc.forward(self.fc.forward(x)).relu()\n");
  return top;
}

TEST(Drawing, ShowsWeightsByPathAndShapeOnceWhereShared) {
  const jit::Module module = small_module();
  GraphPtr graph = module.get_method("forward").graph()->copy();
  BuildSettings settings;
  settings.module = &module;
  const Drawing whole = build_drawing(*inlined(*graph), settings);
  const auto weights = std::count_if(whole.boxes.begin(), whole.boxes.end(),
                                     [](const Box& box) { return box.kind == BoxKind::parameter; });
  EXPECT_EQ(weights, 1);
  EXPECT_EQ(find(whole, "fc")->lines, (std::vector<std::string>{"weight : float32[3,2]"}));
  EXPECT_EQ(find(whole, "fc")->elements, 6U);
}

TEST(Collapse, DrawsCallsOfSubmodulesAsBoxes) {
  const jit::Module module = small_module();
  BuildSettings settings;
  settings.module = &module;
  const Drawing drawing = build_drawing(*inlined_to_level(*module.get_method("forward").graph(), 1).graph, settings);
  const Box* call = find(drawing, "fc");
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->kind, BoxKind::call);
  EXPECT_EQ(call->operators, 1U);
  EXPECT_EQ(call->elements, 6U);
  EXPECT_NE(find(drawing, "relu"), nullptr);
  EXPECT_EQ(find(drawing, "matmul"), nullptr);
  EXPECT_TRUE(names_submodules(drawing));
}

Box member(const std::string& title, const std::string& path) {
  Box box;
  box.title = title;
  box.operators = 1;
  if (!path.empty()) {
    box.module = {{path, "Layer", false}, {"inner", "Inner", true}};
  }
  return box;
}

TEST(Collapse, GathersInlinedOperatorsAndMergesTheirEdges) {
  Drawing drawing;
  drawing.boxes = {member("a", "one"), member("b", "one"), member("c", "two"), member("d", "")};
  drawing.edges = {{0, 1, EdgeKind::data, "%1", {"%1"}, ""},
                   {0, 2, EdgeKind::data, "%1", {"%1"}, ""},
                   {1, 2, EdgeKind::data, "%2", {"%2"}, ""},
                   {2, 3, EdgeKind::data, "%3", {"%3"}, ""}};
  const Drawing result = collapsed(drawing, 1);
  EXPECT_EQ(edges(result), "one -> two: 2 values\ntwo -> d: %3\n");
  EXPECT_EQ(find(result, "one")->operators, 2U);
  EXPECT_EQ(find(result, "one")->lines, (std::vector<std::string>{"Layer"}));
  EXPECT_NE(find(collapsed(drawing, 2), "one.inner"), nullptr);
  EXPECT_NE(find(collapsed(drawing, 3), "one.inner"), nullptr); // nothing lies deeper
}

const char* const chain = R"(graph(%x : Tensor):
  %1 : Tensor = aten::sin(%x)
  %2 : Tensor = aten::cos(%1)
  %3 : Tensor = aten::tan(%2)
  %4 : Tensor = aten::tanh(%3)
  return (%4))";

TEST(Around, KeepsTheNeighbourhoodAndMarksTheCuts) {
  const Drawing drawing = around(drawn(chain), "%2", 0);
  EXPECT_EQ(edges(drawing), "cos -> tan: %2\ntan -> … 1: \n… 1 -> cos: \n");
  EXPECT_EQ(around(drawn(chain), "2", 9).boxes.size(), drawn(chain).boxes.size());
}

TEST(Around, NamesNearValuesWhereThereIsNone) {
  try {
    around(drawn(chain), "%xx", 1);
    FAIL() << "found %xx";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(std::string(error.what()).find("the graph has no value %xx; similar names: %x, "), 0U) << error.what();
  }
}

TEST(Text, IsShortenedToValidUtf8) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcdefgh", 6), "abc…");
  EXPECT_EQ(shortened("a\nb\tc\x01", 10), "a b c");
  EXPECT_EQ(shortened("ä\xff\xc3", 10), "ä??");
  EXPECT_EQ(shortened("\xed\xa0\x80", 10), "???"); // a surrogate
  EXPECT_EQ(shortened("äääää", 7), "ää…");
}

TEST(Text, ConstantsReadAsInPython) {
  EXPECT_EQ(constant_text(c10::IValue()), "None");
  EXPECT_EQ(constant_text(c10::List<int64_t>({1, 2})), "[1, 2]");
  EXPECT_EQ(constant_text(c10::IValue("a\"b")), "\"a\"b\"");
  EXPECT_EQ(constant_text(1.5), "1.5");
  EXPECT_EQ(constant_text(at::zeros({2, 3})), "float32[2,3]");
  EXPECT_LE(constant_text(c10::List<int64_t>(std::vector<int64_t>(1000, 7))).size(), 48U);
}

TEST(Labels, EscapeMarkup) {
  Box box;
  box.title = "<b&\"";
  EXPECT_EQ(html_label(box), "<B>&lt;b&amp;&quot;</B>");
  EXPECT_EQ(plain_label("a\\N\nb"), "a\\\\N\\nb");
}

TEST(Graphviz, WritesDotWithEscapedNames) {
  Drawing drawing = drawn(simple);
  drawing.title = "a \"quoted\" \\N title";
  drawing.boxes[0].title = "<x> & \"y\"";
  const std::string dot = to_dot(drawing);
  EXPECT_EQ(dot.find("digraph tsir {"), 0U);
  EXPECT_NE(dot.find("<B>&lt;x&gt; &amp; &quot;y&quot;</B>"), std::string::npos);
  EXPECT_NE(dot.find("label=\"a \\\"quoted\\\" \\\\N title\""), std::string::npos);
  EXPECT_NE(dot.find("cluster_legend"), std::string::npos);
  EXPECT_EQ(to_dot(drawing, {.legend = false}).find("legend"), std::string::npos);
  EXPECT_NE(to_dot(drawing, {.left_to_right = true}).find("rankdir=LR"), std::string::npos);
}

TEST(Graphviz, RendersEveryFormat) {
  const Drawing drawing = drawn(branching);
  const Rendered svg = render(drawing, "svg");
  EXPECT_NE(svg.bytes.find("<svg"), std::string::npos);
  EXPECT_NE(svg.bytes.find(">tanh<"), std::string::npos);
  EXPECT_EQ(render(drawing, "png").bytes.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(render(drawing, "pdf").bytes.substr(0, 5), "%PDF-");
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(Graphviz, PutsManyFramesIntoSubgraphsThatAreNotDrawn) {
  for (const size_t frames : {256, 400}) {
    Drawing drawing;
    for (size_t i = 0; i < frames; ++i) {
      drawing.clusters.push_back({.title = "block", .tooltip = "", .module = {}});
      Box& box = drawing.boxes.emplace_back();
      box.title = "relu";
      box.cluster = static_cast<int>(i);
    }
    const std::string dot = to_dot(drawing, {.legend = false});
    EXPECT_EQ(count(dot, "subgraph cluster_"), frames);
    EXPECT_EQ(count(dot, "subgraph bundle_"), frames == 256 ? 0U : 20U);
  }
}

TEST(Graphviz, SaysWhyItCannot) {
  try {
    render(drawn(simple), "nonesuch");
    FAIL() << "rendered";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("nonesuch"), std::string::npos) << error.what();
  }
}

} // namespace
} // namespace tsir
