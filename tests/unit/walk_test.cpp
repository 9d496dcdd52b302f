#include "lib/base/error.h"
#include "lib/ir/walk.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>
#include <torch/csrc/jit/frontend/resolver.h>

namespace tsir {
namespace {

// Functions compiled from source; the last one's graph.
class Functions {
public:
  explicit Functions(const std::string& source) { unit_->define(std::nullopt, source, jit::nativeResolver(), nullptr); }
  const jit::Graph& graph(const std::string& name) const {
    return *jit::toGraphFunction(unit_->get_function(name)).graph();
  }

private:
  std::shared_ptr<jit::CompilationUnit> unit_ = std::make_shared<jit::CompilationUnit>();
};

const char* const nested_blocks_text = R"(graph(%c : bool, %x : Tensor):
  %1 : Tensor = aten::relu(%x)
  %2 : Tensor = prim::If(%c)
    block0():
      %3 : Tensor = aten::sin(%1)
      -> (%3)
    block1():
      %4 : Tensor = aten::cos(%1)
      -> (%4)
  %5 : Tensor = aten::tanh(%2)
  return (%5))";

std::vector<std::string> kinds(const jit::Graph& graph, bool subgraphs = false) {
  std::vector<std::string> result;
  walk(
      *graph.block(), [&](const jit::Node& node) { result.push_back(node.kind().toUnqualString()); }, subgraphs);
  return result;
}

TEST(Walk, VisitsBlocksAfterTheirNodeInOrder) {
  EXPECT_EQ(kinds(*parsed(nested_blocks_text)), (std::vector<std::string>{"relu", "If", "sin", "cos", "tanh"}));
  EXPECT_EQ(count_nodes(*parsed(nested_blocks_text)), 5U);
}

TEST(Walk, VisitsSubgraphsOnlyWhenAsked) {
  auto graph = parsed("graph(%x : Tensor):\n  %1 : Tensor = prim::DifferentiableGraph(%x)\n  return (%1)");
  graph->block()->nodes().front()->g_(c10::attr::Subgraph, parsed(nested_blocks_text));
  EXPECT_EQ(count_nodes(*graph), 1U);
  EXPECT_EQ(kinds(*graph, true), (std::vector<std::string>{"DifferentiableGraph", "relu", "If", "sin", "cos", "tanh"}));
  EXPECT_EQ(count_operators(*graph), (std::map<std::string, size_t>{{"aten::cos", 1},
                                                                    {"aten::relu", 1},
                                                                    {"aten::sin", 1},
                                                                    {"aten::tanh", 1},
                                                                    {"prim::DifferentiableGraph", 1},
                                                                    {"prim::If", 1}}));
}

TEST(Walk, GoesDeeperThanTheMachineStack) {
  auto graph = std::make_shared<jit::Graph>();
  jit::Value* condition = graph->insertConstant(true);
  jit::Block* block = graph->block();
  for (int i = 0; i < 50'000; ++i) {
    jit::Node* node = block->appendNode(graph->create(c10::prim::If, {condition}, 0));
    block = node->addBlock();
  }
  EXPECT_EQ(count_nodes(*graph), 50'001U);
  // Destroying a graph recurses over blocks, so take them off one by one from the inside.
  while (jit::Node* owner = block->owningNode()) {
    block = owner->owningBlock();
    owner->destroy();
  }
}

const char* const calls = R"(
def leaf(x):
  return x + 1
def middle(x):
  return leaf(leaf(x))
def top(x):
  return middle(middle(x))
)";

TEST(Inlined, LeavesNoCallsAndTheCallStacks) {
  const Functions functions(calls);
  const auto graph = inlined(functions.graph("top"));
  const auto operators = count_operators(*graph);
  EXPECT_FALSE(operators.contains("prim::CallFunction"));
  EXPECT_EQ(operators.at("aten::add"), 4U);
  for (const jit::Node* node : graph->block()->nodes()) {
    if (node->kind() == c10::aten::add) {
      ASSERT_TRUE(node->callstack().has_value());
      EXPECT_EQ((*node->callstack())->vec().size(), 2U); // top > middle > leaf
    }
  }
  EXPECT_TRUE(count_operators(functions.graph("top")).contains("prim::CallFunction")); // untouched
}

TEST(Inlined, CountsWithoutInlining) {
  const Functions functions(calls);
  // leaf: a constant and the add; middle: two leaves and the function itself as a constant; top likewise.
  EXPECT_EQ(count_inlined_nodes(functions.graph("leaf"), 1000), 2U);
  EXPECT_EQ(count_inlined_nodes(functions.graph("middle"), 1000), 5U);
  EXPECT_EQ(count_inlined_nodes(functions.graph("top"), 1000), 11U);
  EXPECT_EQ(count_inlined_nodes(functions.graph("top"), 10), 10U);
}

std::string doubling_functions(int count) {
  std::string source = "def f0(x):\n  return x + 1\n";
  for (int i = 1; i <= count; ++i) {
    source += fmt::format("def f{}(x):\n  return f{}(f{}(x))\n", i, i - 1, i - 1);
  }
  return source;
}

TEST(Inlined, RefusesWhatWouldNotEnd) {
  const Functions functions(doubling_functions(70)); // 2^70 nodes
  EXPECT_EQ(count_inlined_nodes(functions.graph("f70"), 1'000'000), 1'000'000U);
  try {
    inlined(functions.graph("f70"), 1000);
    FAIL() << "inlined 2^70 nodes";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_STREQ(error.what(), "inlined, this graph has more than 1,000 nodes: use no inlining");
  }
  EXPECT_GT(count_nodes(*inlined(functions.graph("f8"))), 256U);
}

TEST(Inlined, InlinesInsideSubgraphsWithoutTouchingTheOriginal) {
  const Functions functions(calls);
  auto graph = parsed("graph(%x : Tensor):\n  %1 : Tensor = prim::DifferentiableGraph(%x)\n  return (%1)");
  auto inner = const_cast<jit::Graph&>(functions.graph("top")).copy();
  graph->block()->nodes().front()->g_(c10::attr::Subgraph, inner);
  EXPECT_FALSE(count_operators(*inlined(*graph)).contains("prim::CallFunction"));
  EXPECT_TRUE(count_operators(*graph).contains("prim::CallFunction"));
}

} // namespace
} // namespace tsir
