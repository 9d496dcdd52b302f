// Graphs matched by structure: moved nodes and renamed values are not differences.
#include "lib/diff/diff_report.h"
#include "lib/diff/graph_diff.h"
#include "lib/diff/module_diff.h"
#include "lib/model/text_ir.h"

#include <gtest/gtest.h>
#include <random>

namespace tsir {
namespace {

constexpr const char* two_branches = R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::neg(%y)
  %c : Tensor = aten::add(%a, %b, %one)
  return (%c)
)";

GraphDifference diff_of(const std::string& before, const std::string& after, const DiffSettings& settings = {}) {
  return diff_graphs(*parse_ir(before, "before.ir"), *parse_ir(after, "after.ir"), settings);
}

// The first letters of the changes, in order: "-+~".
std::string kinds(const GraphDifference& difference) {
  std::string text;
  for (const NodeDifference& node : difference.nodes) {
    text += node.change == NodeChange::removed ? '-' : node.change == NodeChange::added ? '+' : '~';
  }
  return text;
}

TEST(Diff, NamesAndPlacesAreNoDifference) {
  EXPECT_TRUE(diff_of(two_branches, two_branches).empty());
  const GraphDifference moved = diff_of(two_branches, R"(graph(%x : Tensor, %y : Tensor):
  %n : Tensor = aten::neg(%y)
  %r : Tensor = aten::relu(%x)
  %number : int = prim::Constant[value=1]()
  %sum : Tensor = aten::add(%r, %n, %number)
  return (%sum)
)");
  EXPECT_TRUE(moved.empty()) << kinds(moved);
  EXPECT_EQ(moved.same, 4U);
}

TEST(Diff, WhatIsAddedAndChangedIsSaid) {
  const GraphDifference result = diff_of(two_branches, R"(graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=2]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::neg(%y)
  %c : Tensor = aten::add(%a, %b, %one)
  %d : Tensor = aten::tanh(%c)
  return (%d)
)");
  EXPECT_EQ(kinds(result), "~+");
  EXPECT_EQ(result.nodes[0].details, (std::vector<std::string>{"attribute value: 1 -> 2"}));
  EXPECT_TRUE(result.nodes[1].after.ends_with("= aten::tanh(%c)")) << result.nodes[1].after;
  EXPECT_EQ(result.interface, (std::vector<std::string>{"output 0: %c -> %d"}));
  EXPECT_EQ(result.same, 3U);
}

TEST(Diff, AConstantOfAnotherTypeIsAnother) {
  const GraphDifference result = diff_of("graph():\n  %a : int = prim::Constant[value=1]()\n  return (%a)\n",
                                         "graph():\n  %a : bool = prim::Constant[value=1]()\n  return (%a)\n");
  EXPECT_FALSE(result.empty());
}

TEST(Diff, AUserOfARemovedNodeIsChangedAndItsOwnUsersAreNot) {
  const GraphDifference result = diff_of(R"(graph(%x : Tensor):
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::neg(%a)
  %c : Tensor = aten::tanh(%b)
  return (%c)
)",
                                         R"(graph(%x : Tensor):
  %b : Tensor = aten::neg(%x)
  %c : Tensor = aten::tanh(%b)
  return (%c)
)");
  EXPECT_EQ(kinds(result), "-~");
  EXPECT_EQ(result.nodes[1].details, (std::vector<std::string>{"input 0 (self): %a -> %x"}));
  EXPECT_TRUE(result.interface.empty());
}

constexpr const char* branch = R"(graph(%x : Tensor, %c : bool):
  %r : Tensor = prim::If(%c)
    block0():
      %a : Tensor = aten::relu(%x)
      -> (%a)
    block1():
      %b : Tensor = aten::neg(%x)
      -> (%b)
  return (%r)
)";

TEST(Diff, LooksIntoBlocks) {
  std::string other = branch;
  other.replace(other.find("aten::neg"), 9, "aten::abs");
  const GraphDifference result = diff_of(branch, other);
  EXPECT_EQ(kinds(result), "-+");
  EXPECT_TRUE(result.nodes[0].where.starts_with("block 1 of ")) << result.nodes[0].where;
  EXPECT_EQ(result.interface.size(), 1U) << "what the block returns";
  EXPECT_EQ(result.same, 2U);
}

TEST(Diff, TypesAloneCanBeLeftOut) {
  std::string typed = two_branches;
  typed.replace(typed.find("%a : Tensor"), 11, "%a : Float(2, 3)");
  EXPECT_EQ(kinds(diff_of(two_branches, typed)), "~");
  EXPECT_EQ(diff_of(two_branches, typed).nodes[0].details,
            (std::vector<std::string>{"type of %a: Tensor -> Float(2, 3)"}));
  EXPECT_TRUE(diff_of(two_branches, typed, {.types = false}).empty());
}

TEST(Diff, TheOrderOfEffectsCounts) {
  const std::string head = "graph(%x : Tensor, %y : Tensor):\n  %one : int = prim::Constant[value=1]()\n";
  const std::string add = "  %a : Tensor = aten::add_(%x, %y, %one)\n";
  const std::string mul = "  %b : Tensor = aten::mul_(%x, %y)\n";
  EXPECT_TRUE(diff_of(head + add + mul + "  return (%x)\n", head + add + mul + "  return (%x)\n").empty());
  EXPECT_EQ(kinds(diff_of(head + add + mul + "  return (%x)\n", head + mul + add + "  return (%x)\n")), "~");
}

TEST(Diff, InputsAreKnownByNameAndThenByPlace) {
  const GraphDifference swapped =
      diff_of("graph(%x : Tensor, %y : Tensor):\n  %a : Tensor = aten::relu(%x)\n  return (%a)\n",
              "graph(%y : Tensor, %x : Tensor):\n  %a : Tensor = aten::relu(%x)\n  return (%a)\n");
  EXPECT_EQ(swapped.interface, (std::vector<std::string>{"input %x: position 0 -> 1", "input %y: position 1 -> 0"}));
  EXPECT_TRUE(diff_of("graph(%x : Tensor):\n  return (%x)\n", "graph(%z : Tensor):\n  return (%z)\n").empty());
}

// A random topological order with new names is not a difference, whatever the graph.
std::string shuffled(const std::vector<std::pair<std::string, std::vector<int>>>& nodes, std::mt19937& random) {
  std::vector<int> order;
  std::vector<bool> done(nodes.size());
  std::vector<int> names(nodes.size());
  std::string text = "graph(%x : Tensor):\n";
  for (size_t step = 0; step < nodes.size(); ++step) {
    std::vector<size_t> ready;
    for (size_t i = 0; i < nodes.size(); ++i) {
      const bool known =
          std::ranges::all_of(nodes[i].second, [&](int of) { return of < 0 || done[static_cast<size_t>(of)]; });
      if (!done[i] && known) {
        ready.push_back(i);
      }
    }
    const size_t node = ready[random() % ready.size()];
    done[node] = true;
    names[node] = static_cast<int>(step);
    std::string inputs;
    for (const int of : nodes[node].second) {
      inputs += (inputs.empty() ? "%" : ", %") + (of < 0 ? "x" : fmt::format("v{}", names[static_cast<size_t>(of)]));
    }
    text += fmt::format("  %v{} : Tensor = {}({})\n", step, nodes[node].first, inputs);
  }
  return text + fmt::format("  return (%v{})\n", names.back());
}

TEST(Diff, AnyOrderAndAnyNamesAreTheSame) {
  const std::vector<std::string> unary = {"aten::relu", "aten::neg", "aten::tanh", "aten::exp"};
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::pair<std::string, std::vector<int>>> nodes;
    for (int i = 0; i < 40; ++i) {
      const auto earlier = [&] { return static_cast<int>(random() % static_cast<unsigned>(i + 1)) - 1; };
      const bool binary = random() % 3 == 0;
      nodes.emplace_back(binary ? "aten::matmul" : unary[random() % unary.size()],
                         binary ? std::vector<int>{earlier(), earlier()} : std::vector<int>{earlier()});
    }
    const GraphDifference result = diff_of(shuffled(nodes, random), shuffled(nodes, random));
    EXPECT_TRUE(result.empty()) << seed << ": " << kinds(result);
    EXPECT_EQ(result.same, nodes.size());
  }
}

TEST(Diff, AttributesOfModulesAreCompared) {
  jit::Module before("M");
  jit::Module after("M");
  before.register_buffer("same", at::ones({2}));
  after.register_buffer("same", at::ones({2}));
  before.register_buffer("values", at::ones({2}));
  after.register_buffer("values", at::zeros({2}));
  before.register_buffer("shape", at::ones({2}));
  after.register_buffer("shape", at::ones({3}));
  before.register_buffer("old", at::ones({2}));
  after.register_buffer("fresh", at::ones({2}));
  EXPECT_EQ(diff_attributes(before, after),
            (std::vector<std::string>{"old was removed", "shape: float32[2] -> float32[3]", "values: other values",
                                      "fresh was added"}));
}

} // namespace
} // namespace tsir
