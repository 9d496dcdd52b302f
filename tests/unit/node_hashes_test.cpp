// Hashes of single nodes, by which `diff` finds those that are alike.
#include "lib/ir/hash.h"
#include "lib/ir/walk.h"
#include "lib/model/text_ir.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

// The node of the graph that has blocks, with `inner` in its first block.
GraphPtr graph_with_if(const std::string& inner) {
  return parse_ir(fmt::format(R"(graph(%x : Tensor, %y : Tensor, %b : bool):
  %one : int = prim::Constant[value=1]()
  %z : Tensor = prim::If(%b)
    block0():
{}
      -> (%r)
    block1():
      -> (%x)
  return (%z)
)",
                              inner),
                  "a.ir");
}

uint64_t hash_of_if(const std::string& inner) {
  const GraphPtr graph = graph_with_if(inner);
  for (const jit::Node* node : graph->nodes()) {
    if (node->kind() == c10::prim::If) {
      return NodeHashes().of(*node);
    }
  }
  return 0;
}

constexpr const char* two_then_first = "      %p : Tensor = aten::relu(%x)\n"
                                       "      %q : Tensor = aten::relu(%x)\n"
                                       "      %r : Tensor = aten::add(%p, %p, %one)";
constexpr const char* two_then_second = "      %p : Tensor = aten::relu(%x)\n"
                                        "      %q : Tensor = aten::relu(%x)\n"
                                        "      %r : Tensor = aten::add(%q, %q, %one)";

TEST(NodeHashes, TellValuesOfABlockApart) {
  EXPECT_EQ(hash_of_if(two_then_first), hash_of_if(two_then_first));
  EXPECT_NE(hash_of_if(two_then_first), hash_of_if(two_then_second));
}

TEST(NodeHashes, DoNotTellValuesFromOutsideApart) {
  EXPECT_EQ(hash_of_if("      %r : Tensor = aten::relu(%x)"), hash_of_if("      %r : Tensor = aten::relu(%y)"));
  EXPECT_NE(hash_of_if("      %r : Tensor = aten::relu(%x)"), hash_of_if("      %r : Tensor = aten::tanh(%x)"));
}

// A node of one object that is asked for after the node around it has the same hash as by itself.
TEST(NodeHashes, AreTheSameWhateverWasHashedBefore) {
  const GraphPtr graph = graph_with_if(two_then_first);
  NodeHashes shared;
  std::vector<std::pair<uint64_t, uint64_t>> both;
  walk(*graph->block(), [&](const jit::Node& node) { both.emplace_back(shared.of(node), NodeHashes().of(node)); });
  for (const auto& [one, other] : both) {
    EXPECT_EQ(one, other);
  }
  EXPECT_GE(both.size(), 5);
}

} // namespace
} // namespace tsir
