// Which reads of a module's state see which writes, and the edges that show it.
#include "lib/ir/walk.h"
#include "lib/model/state_flow.h"
#include "lib/render/dot/build.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

jit::Module with_state(const std::string& code) {
  jit::Module module("Streaming");
  module.register_buffer("h", at::zeros({2}));
  module.register_attribute("n", c10::IntType::get(), 0);
  module.define(code);
  return module;
}

GraphPtr graph_of(const jit::Module& module) {
  return inlined(*module.get_method("forward").graph());
}

// "SetAttr 0 -> h.1 next call": the write with its place among those of its operator, and the read with its place among
// those of its attribute.
std::vector<std::string> flows_in(const jit::Graph& graph) {
  std::map<std::string, size_t> counts;
  std::map<const jit::Node*, size_t> places;
  walk(*const_cast<jit::Graph&>(graph).block(), [&](const jit::Node& node) {
    const std::string name = node.kind() == c10::prim::GetAttr ? node.s(c10::attr::name) : node.kind().toUnqualString();
    places[&node] = counts[name]++;
  });
  std::vector<std::string> lines;
  for (const StateFlow& flow : state_flows_of(graph, Branches([](const std::string&) { return std::nullopt; }))) {
    const bool call = flow.read->kind() != c10::prim::GetAttr;
    lines.push_back(fmt::format("{} {} -> {}{}.{}{}", flow.write->kind().toUnqualString(), places.at(flow.write),
                                call ? "call, " : "", flow.attribute, places.at(flow.read),
                                flow.next_call ? " next call" : ""));
  }
  return lines;
}

std::vector<std::string> flows(const std::string& code) {
  const jit::Module module = with_state(code);
  return flows_in(*graph_of(module));
}

using Lines = std::vector<std::string>;

TEST(StateFlow, WhatIsReadBeforeItIsSetComesFromTheLastCall) {
  EXPECT_EQ(flows("def forward(self, x):\n  y = x + self.h\n  self.h = y\n  return y\n"),
            (Lines{"SetAttr 0 -> h.0 next call"}));
}

TEST(StateFlow, WhatIsReadAfterwardsSeesItInTheSameCall) {
  EXPECT_EQ(flows("def forward(self, x):\n  self.h = x\n  return self.h + 1\n"), (Lines{"SetAttr 0 -> h.0"}));
}

TEST(StateFlow, ASecondWriteHidesTheFirst) {
  EXPECT_EQ(flows("def forward(self, x):\n  self.h = x\n  self.h = x + 1\n  return self.h\n"),
            (Lines{"SetAttr 1 -> h.0"}));
}

TEST(StateFlow, AWriteThatMayNotRunDoesNotHideAnother) {
  EXPECT_EQ(flows("def forward(self, x, c: bool):\n  self.h = x\n  if c:\n    self.h = x + 1\n  return self.h\n"),
            (Lines{"SetAttr 0 -> h.0", "SetAttr 1 -> h.0"}));
}

TEST(StateFlow, ArmsThatExcludeEachOtherMeetOnlyInTheNextCall) {
  EXPECT_EQ(
      flows(
          "def forward(self, x, c: bool):\n  if c:\n    self.h = x\n    y = x\n  else:\n    y = self.h\n  return y\n"),
      (Lines{"SetAttr 0 -> h.0 next call"}));
}

TEST(StateFlow, ALoopSeesItsLastIteration) {
  EXPECT_EQ(
      flows("def forward(self, x, k: int):\n  for i in range(k):\n    y = self.h + 1\n    self.h = y\n  return x\n"),
      (Lines{"SetAttr 0 -> h.0"}));
}

TEST(StateFlow, AWriteThroughAViewIsSeen) {
  EXPECT_EQ(flows("def forward(self, x, i: int):\n  self.h[i].copy_(x)\n  return self.h.sum()\n"),
            (Lines{"copy_ 0 -> h.0 next call", "copy_ 0 -> h.1"}));
}

TEST(StateFlow, AttributesAreApart) {
  EXPECT_EQ(flows("def forward(self, x):\n  self.n = self.n + 1\n  return x + self.h\n"),
            (Lines{"SetAttr 0 -> n.0 next call"}));
}

jit::Module with_part(const std::string& code) {
  jit::Module module("Outer");
  module.register_module("part", with_state("def forward(self, x):\n  y = x + self.h\n  self.h = y\n  return y\n"));
  module.define(code);
  return module;
}

TEST(StateFlow, ACallStandsForWhatItReadsAndWrites) {
  const jit::Module module = with_part("def forward(self, x):\n  a = self.part.forward(x)\n  return a + self.part.h\n");
  EXPECT_EQ(flows_in(*module.get_method("forward").graph()),
            (Lines{"CallMethod 0 -> call, part.h.0 next call", "CallMethod 0 -> part.h.0"}));
}

TEST(StateFlow, TwoCallsPassTheStateOn) {
  const jit::Module module = with_part("def forward(self, x):\n  return self.part.forward(self.part.forward(x))\n");
  EXPECT_EQ(flows_in(*module.get_method("forward").graph()),
            (Lines{"CallMethod 0 -> call, part.h.1", "CallMethod 1 -> call, part.h.0 next call"}));
}

std::vector<std::string> state_edges(const std::string& code, BuildSettings settings) {
  const jit::Module module = with_state(code);
  settings.module = &module;
  const Drawing drawing = build_drawing(*graph_of(module), settings);
  std::vector<std::string> lines;
  for (const Edge& edge : drawing.edges) {
    if (edge.kind == EdgeKind::state || edge.kind == EdgeKind::next_call) {
      lines.push_back(fmt::format("{} -> {} {}", drawing.boxes[edge.from].title,
                                  fmt::join(drawing.boxes[edge.to].lines, " "),
                                  edge.kind == EdgeKind::state ? "now" : "next"));
    }
  }
  return lines;
}

TEST(StateEdges, LeadFromTheWriteToTheReadThatSeesIt) {
  const char* const code = "def forward(self, x):\n  y = x + self.h\n  self.h = y\n  self.n = self.n + 1\n"
                           "  return y * self.h\n";
  const Lines expected = {"set self.h -> h : float32[2] next", "set self.h -> h : float32[2] now",
                          "set self.n -> n : int = 0 next"};
  EXPECT_EQ(state_edges(code, {}), expected);
  BuildSettings folding; // state is never folded
  folding.fold_constants = folding.fold_parameters = folding.fold_scalars = true;
  EXPECT_EQ(state_edges(code, folding), expected);
}

TEST(StateEdges, EachReadHasItsOwnBoxWhereTheyDiffer) {
  const jit::Module module = with_state("def forward(self, x):\n  y = x + self.h\n  self.h = y\n  return y * self.h\n");
  const Drawing drawing = build_drawing(*graph_of(module), {});
  EXPECT_EQ(std::ranges::count(drawing.boxes, BoxKind::parameter, &Box::kind), 2);
}

} // namespace
} // namespace tsir
