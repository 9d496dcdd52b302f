// Names while a graph is read, and numbers while it is printed.
#include "lib/ir/text/names.h"
#include "lib/ir/text/print.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>
#include <torch/csrc/jit/passes/canonicalize.h>

namespace tsir {
namespace {

using ir_text::Names;

TEST(TextIrNames, MayBeNumbers) {
  jit::Graph graph;
  Names names;
  std::vector<std::pair<std::string, jit::Value*>> all;
  for (const char* name :
       {"0", "7", "07", "007", "19999999", "20000000", "123456789012345678901234567890", "7.", "x7"}) {
    all.emplace_back(name, graph.addInput());
  }
  for (const auto& [name, value] : all) {
    EXPECT_EQ(names.find(name), nullptr) << name;
    names.define(name, value);
  }
  names.begin_block();
  for (const auto& [name, value] : all) {
    EXPECT_EQ(names.find(name), value) << name;
    names.define(name, all[0].second);
  }
  names.end_blocks(0);
  for (const auto& [name, value] : all) {
    EXPECT_EQ(names.find(name), value) << name;
  }
}

TEST(TextIrNames, EndWithTheirBlock) {
  jit::Graph graph;
  jit::Value* outer = graph.addInput();
  jit::Value* inner = graph.addInput();
  jit::Value* innermost = graph.addInput();
  Names names;
  names.define("x", outer);
  names.begin_block();
  EXPECT_EQ(names.find("x"), outer);
  names.define("x", inner);
  names.define("y", inner);
  names.define("x", innermost); // the same name twice in one block
  EXPECT_EQ(names.find("x"), innermost);
  names.begin_block();
  names.define("y", innermost);
  names.define_outside("z", innermost);
  EXPECT_EQ(names.find("y"), innermost);
  EXPECT_EQ(names.depth(), 2U);
  names.end_blocks(1);
  EXPECT_EQ(names.find("y"), inner);
  names.end_blocks(0);
  EXPECT_EQ(names.find("x"), outer);
  EXPECT_EQ(names.find("y"), nullptr);
  EXPECT_EQ(names.find("z"), innermost);
}

TEST(TextIrNames, NumbersAreThoseOfARenumberedCopy) {
  const GraphPtr graph = parsed(R"(graph(%b : bool, %x : Tensor, %5 : int):
  %10 : Tensor, %11 : Tensor = aten::a(%x)
  %12 : Tensor = prim::If(%b)
    block0():
      %20 : Tensor = aten::relu(%10)
      -> (%20)
    block1():
      %30 : Tensor = prim::Loop(%5, %b, %x)
        block0(%i : int, %40 : Tensor):
          %41 : Tensor = aten::add(%40, %x, %i)
          -> (%b, %41)
      -> (%30)
  return (%12, %11))");
  graph->nodes().begin()->output(1)->setDebugName("second");
  graph->insertConstant(1); // uses up a number
  graph->return_node()->prev()->destroy();
  graph->insertConstant(2);
  const GraphPtr copy = jit::Canonicalize(graph, /*keep_unique_names=*/true);
  EXPECT_EQ(to_text(*graph), to_text(*copy, {.keep_numbers = true}));
  EXPECT_NE(to_text(*graph), to_text(*graph, {.keep_numbers = true}));
}

} // namespace
} // namespace tsir
