// Other names and numbers do not make another graph: the same hash, no difference, and the same text.
#include "lib/diff/graph_diff.h"
#include "lib/ir/hash.h"
#include "lib/model/text_ir.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace tsir {
namespace {

namespace fs = std::filesystem;

void visit_values(jit::Block& block, const std::function<void(jit::Value&)>& visit) {
  for (jit::Value* input : block.inputs()) {
    visit(*input);
  }
  for (jit::Node* node : block.nodes()) {
    for (jit::Value* output : node->outputs()) {
      visit(*output);
    }
    for (jit::Block* nested : node->blocks()) {
      visit_values(*nested, visit);
    }
  }
}

// Renames the values; `random` decides which have names at all. This also changes the numbers, since names use them up.
GraphPtr renamed(const jit::Graph& graph, std::mt19937& random) {
  GraphPtr copy = const_cast<jit::Graph&>(graph).copy();
  size_t number = 0;
  visit_values(*copy->block(), [&](jit::Value& value) {
    value.setDebugName(random() % 2 == 0 ? "" : fmt::format("n{}_{}", random() % 1000, number++));
  });
  return copy;
}

TEST(CanonicalForm, OtherNamesAreNoDifference) {
  std::mt19937 random(7);
  size_t graphs = 0;
  for (const auto& entry : fs::recursive_directory_iterator(TSIR_SOURCE_DIR "/tests/lit/passes")) {
    if (entry.path().extension() != ".ir") {
      continue;
    }
    SCOPED_TRACE(entry.path().string());
    std::ifstream file(entry.path());
    GraphPtr graph;
    try {
      graph = parse_ir(std::string{std::istreambuf_iterator<char>(file), {}}, entry.path().string());
    } catch (const std::exception&) {
      continue; // what a test of errors reads
    }
    const GraphPtr other = renamed(*graph, random);
    EXPECT_TRUE(diff_graphs(*graph, *other).empty());
    EXPECT_EQ(canonical_hash(*graph), canonical_hash(*other));
    ++graphs;
  }
  EXPECT_GT(graphs, 50U);
}

// A graph without names has one text, whatever numbers its values had.
TEST(CanonicalForm, NumbersAreGivenAfresh) {
  const GraphPtr graph = parse_ir(R"(graph(%7 : Tensor, %3 : bool):
  %90 : Tensor = prim::If(%3)
    block0():
      %2 : Tensor = aten::relu(%7)
      -> (%2)
    block1():
      -> (%7)
  return (%90)
)",
                                  "a.ir");
  const std::string text = to_text(*graph);
  EXPECT_EQ(to_text(*parse_ir(text, "b.ir")), text);
  EXPECT_NE(text.find("graph(%0 : Tensor,\n      %1 : bool):\n  %2 : Tensor = prim::If(%1)"), std::string::npos)
      << text;
}

} // namespace
} // namespace tsir
