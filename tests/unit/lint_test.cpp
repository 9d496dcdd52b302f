// check_graph finds the same faults as LibTorch's Graph::lint, in graphs that are whole and in graphs that were broken.
#include "lib/ir/lint.h"

#include "lib/base/error.h"

#include "tests/unit/parsed_graph.h"

#include <gtest/gtest.h>

#include <random>

namespace tsir {
namespace {

const std::vector<const char*> texts = {
    R"(graph(%x : Tensor, %y : Tensor):
  %c : int = prim::Constant[value=1]()
  %1 : Tensor = aten::add(%x, %y, %c)
  %2 : Tensor = aten::mul(%1, %1)
  %3 : Tensor = aten::add(%2, %x, %c)
  return (%3, %1))",
    R"(graph(%b : bool, %n : int, %x : Tensor):
  %c : int = prim::Constant[value=1]()
  %t : bool = prim::Constant[value=1]()
  %1 : Tensor = prim::If(%b)
    block0():
      %2 : Tensor = aten::add(%x, %x, %c)
      %3 : Tensor = prim::Loop(%n, %t, %2)
        block0(%i : int, %4 : Tensor):
          %5 : Tensor = aten::add(%4, %x, %i)
          -> (%t, %5)
      -> (%3)
    block1():
      %6 : Tensor = aten::relu(%x)
      -> (%6)
  %7 : Tensor = aten::sub(%1, %x, %c)
  return (%7))",
    R"(graph(%x : Tensor):
  %l : Tensor[] = prim::ListConstruct(%x, %x, %x)
  %a : Tensor, %b : Tensor, %c : Tensor = prim::ListUnpack(%l)
  %s : Tensor = aten::mul(%c, %a)
  return (%s, %b))",
};

using LintRandom = std::mt19937;

std::vector<jit::Node*> nodes_of(jit::Block& block) {
  std::vector<jit::Node*> nodes;
  for (jit::Node* node : block.nodes()) {
    nodes.push_back(node);
    for (jit::Block* nested : node->blocks()) {
      const auto inner = nodes_of(*nested);
      nodes.insert(nodes.end(), inner.begin(), inner.end());
    }
  }
  return nodes;
}

std::vector<jit::Value*> values_of(jit::Graph& graph) {
  std::vector<jit::Value*> values(graph.inputs().begin(), graph.inputs().end());
  for (jit::Node* node : nodes_of(*graph.block())) {
    values.insert(values.end(), node->outputs().begin(), node->outputs().end());
    for (jit::Block* block : node->blocks()) {
      values.insert(values.end(), block->inputs().begin(), block->inputs().end());
    }
  }
  return values;
}

template <class Thing> Thing& any(const std::vector<Thing*>& things, LintRandom& random) {
  return *things[random() % things.size()];
}

jit::Node& any_node(jit::Graph& graph, LintRandom& random) {
  return any(nodes_of(*graph.block()), random);
}

// LibTorch gives these lists out to read only, but the objects are not const.
jit::use_list& uses_of(jit::Value& value) {
  return const_cast<jit::use_list&>(value.uses());
}

jit::Value& used_value(jit::Graph& graph, LintRandom& random) {
  std::vector<jit::Value*> used = values_of(graph);
  std::erase_if(used, [](const jit::Value* value) { return !value->hasUses(); });
  return any(used, random);
}

jit::Node* fusion_group(jit::Graph& graph, LintRandom& random) {
  jit::Node* node = graph.create(c10::prim::FusionGroup, 1)->insertBefore(graph.return_node());
  node->addInput(graph.inputs()[random() % graph.inputs().size()]);
  node->g_(c10::attr::Subgraph, parsed(texts[0]));
  return node;
}

struct GraphChange {
  const char* name;
  void (*change)(jit::Graph& graph, LintRandom& random);

  // LibTorch refuses some changes, such as a move to the node's own place. What is left of the graph is checked too.
  void make(jit::Graph& graph, LintRandom& random) const {
    try {
      change(graph, random);
    } catch (const c10::Error&) {
    }
  }
};

const std::vector<GraphChange> changes = {
    {"nothing", [](jit::Graph&, LintRandom&) {}},
    // A graph may stay whole after these.
    {"a node moves",
     [](jit::Graph& graph, LintRandom& random) { any_node(graph, random).moveBefore(&any_node(graph, random)); }},
    {"a node moves to the end",
     [](jit::Graph& graph, LintRandom& random) { any_node(graph, random).moveBefore(graph.return_node()); }},
    {"one more input",
     [](jit::Graph& graph, LintRandom& random) { any_node(graph, random).addInput(&any(values_of(graph), random)); }},
    {"one more result",
     [](jit::Graph& graph, LintRandom& random) { graph.registerOutput(&any(values_of(graph), random)); }},
    {"one more result of a block",
     [](jit::Graph& graph, LintRandom& random) {
       any_node(graph, random).owningBlock()->registerOutput(&any(values_of(graph), random));
     }},
    {"one more output", [](jit::Graph& graph, LintRandom& random) { any_node(graph, random).addOutput(); }},
    {"one more block", [](jit::Graph& graph, LintRandom& random) { any_node(graph, random).addBlock(); }},
    {"a value replaces another",
     [](jit::Graph& graph, LintRandom& random) {
       jit::Value& old = any(values_of(graph), random);
       jit::Value& other = any(values_of(graph), random);
       if (&old != &other) { // LibTorch does not return otherwise
         old.replaceAllUsesWith(&other);
       }
     }},
    {"a node without a use",
     [](jit::Graph& graph, LintRandom& random) {
       jit::Node& place = any_node(graph, random);
       graph.create(c10::aten::relu, {&any(values_of(graph), random)})->insertAfter(&place);
     }},
    {"the uses are in another order",
     [](jit::Graph& graph, LintRandom& random) {
       jit::use_list& uses = uses_of(used_value(graph, random));
       std::ranges::shuffle(uses, random);
     }},
    {"an output has another number",
     [](jit::Graph& graph, LintRandom& random) { any(values_of(graph), random).setOffset(random() % 3); }},
    {"a fusion group", [](jit::Graph& graph, LintRandom& random) { fusion_group(graph, random); }},
    {"a fusion group on two devices",
     [](jit::Graph& graph, LintRandom& random) {
       const auto on = [](const char* device) { return c10::TensorType::get()->withDevice(c10::Device(device)); };
       jit::Node* group = fusion_group(graph, random);
       group->input(0)->setType(on("cpu"));
       group->output()->setType(on(random() % 2 == 0 ? "cuda:0" : "cpu"));
     }},
    {"one use takes the place of another",
     [](jit::Graph& graph, LintRandom& random) {
       jit::use_list& uses = uses_of(used_value(graph, random));
       uses.push_back(uses[random() % uses.size()]);
       uses.erase(uses.begin());
     }},
    // These break it.
    {"a node in no block", [](jit::Graph& graph, LintRandom&) { graph.create(c10::aten::relu, 1); }},
    {"a node is taken out",
     [](jit::Graph& graph, LintRandom& random) { // destroy() frees it first, so the list is shortened by hand
       jit::Node& node = any_node(graph, random);
       node.next_in_graph[1]->next_in_graph[0] = node.next_in_graph[0];
       node.next_in_graph[0]->next_in_graph[1] = node.next_in_graph[1];
     }},
    {"a constant with an input",
     [](jit::Graph& graph, LintRandom&) {
       graph.create(c10::prim::Constant, {graph.inputs()[0]})->insertBefore(graph.return_node());
     }},
    {"prim::Param among the nodes",
     [](jit::Graph& graph, LintRandom& random) {
       graph.create(c10::prim::Param, 1)->insertBefore(&any_node(graph, random));
     }},
    {"prim::Return among the nodes",
     [](jit::Graph& graph, LintRandom& random) {
       graph.create(c10::prim::Return, 0)->insertBefore(&any_node(graph, random));
     }},
    {"prim::Return with an output", [](jit::Graph& graph, LintRandom&) { graph.return_node()->addOutput(); }},
    {"a use is forgotten",
     [](jit::Graph& graph, LintRandom& random) {
       jit::use_list& uses = uses_of(used_value(graph, random));
       uses.erase(uses.begin() + static_cast<std::ptrdiff_t>(random() % uses.size()));
     }},
    {"a use is listed twice",
     [](jit::Graph& graph, LintRandom& random) {
       jit::use_list& uses = uses_of(used_value(graph, random));
       uses.push_back(uses[random() % uses.size()]);
     }},
    {"an input is another value",
     [](jit::Graph& graph, LintRandom& random) {
       const jit::Use use = used_value(graph, random).uses().front();
       const_cast<jit::Value*&>(use.user->inputs()[use.offset]) = &any(values_of(graph), random);
     }},
    {"a fusion group without its graph",
     [](jit::Graph& graph, LintRandom& random) { fusion_group(graph, random)->removeAttribute(c10::attr::Subgraph); }},
    {"a fusion group with a broken graph",
     [](jit::Graph& graph, LintRandom& random) {
       fusion_group(graph, random)->g(c10::attr::Subgraph)->create(c10::aten::relu, 1);
     }},
};
constexpr size_t first_that_breaks = 15;

bool accepts(void (*check)(const jit::Graph&), const jit::Graph& graph) {
  try {
    check(graph);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void by_libtorch(const jit::Graph& graph) {
  graph.lint();
}

TEST(Lint, FindsWhatLibTorchFinds) {
  LintRandom random(1);
  for (size_t i = 0; i < changes.size(); ++i) {
    SCOPED_TRACE(changes[i].name);
    size_t whole = 0;
    for (int trial = 0; trial < 40; ++trial) {
      const GraphPtr graph = parsed(texts[random() % texts.size()]);
      changes[i].make(*graph, random);
      const bool accepted = accepts(by_libtorch, *graph);
      EXPECT_EQ(accepts(check_graph, *graph), accepted);
      whole += accepted ? 1 : 0;
    }
    if (i < first_that_breaks) {
      EXPECT_GT(whole, 0U);
    } else {
      EXPECT_LT(whole, 10U); // an input may become the value that it was
    }
  }
}

TEST(Lint, FindsWhatLibTorchFindsAfterSeveralChanges) {
  LintRandom random(2);
  size_t whole = 0;
  constexpr size_t trials = 600;
  for (size_t trial = 0; trial < trials; ++trial) {
    const GraphPtr graph = parsed(texts[random() % texts.size()]);
    std::string made;
    for (size_t i = 0; i < 1 + random() % 4; ++i) {
      const GraphChange& change = changes[random() % first_that_breaks]; // the others would hide each other
      made += fmt::format("{}; ", change.name);
      change.make(*graph, random);
    }
    SCOPED_TRACE(made);
    const bool accepted = accepts(by_libtorch, *graph);
    EXPECT_EQ(accepts(check_graph, *graph), accepted);
    whole += accepted ? 1 : 0;
  }
  EXPECT_GT(whole, trials / 10);
  EXPECT_LT(whole, trials - trials / 10);
}

// One constant that `uses` operators use.
GraphPtr shared_constant(size_t uses) {
  auto graph = std::make_shared<jit::Graph>();
  jit::Value* value = graph->addInput();
  jit::Value* one = graph->insertConstant(1);
  for (size_t i = 0; i < uses; ++i) {
    value = graph->insertNode(graph->create(c10::aten::add, {value, value, one}))->output();
  }
  graph->registerOutput(value);
  return graph;
}

TEST(Lint, StepsOfLibTorchGrowWithTheSquareOfTheUses) {
  const size_t few = lint_steps(*shared_constant(100));
  EXPECT_GT(few, 100U * 100U);
  EXPECT_LT(few, 2U * 100U * 100U);
  EXPECT_GT(lint_steps(*shared_constant(1000)), 1000U * 1000U);
}

// The type of the error tells who has checked.
TEST(Lint, LeavesSmallGraphsToLibTorch) {
  const GraphPtr small = shared_constant(10);
  EXPECT_NO_THROW(lint(*small));
  small->create(c10::aten::relu, 1);
  EXPECT_THROW(lint(*small), c10::Error);

  const GraphPtr large = shared_constant(1000);
  EXPECT_NO_THROW(lint(*large));
  large->create(c10::aten::relu, 1);
  EXPECT_THROW(lint(*large), Error);
}

// LibTorch's own check takes about a minute for this graph.
TEST(Lint, ChecksLargeGraphs) {
  const GraphPtr graph = shared_constant(200'000);
  EXPECT_NO_THROW(lint(*graph));
  std::ranges::reverse(uses_of(*graph->outputs()[0]->node()->input(2)));
  EXPECT_NO_THROW(lint(*graph));
  uses_of(*graph->outputs()[0]->node()->input(2)).pop_back();
  EXPECT_THROW(lint(*graph), Error);
}

} // namespace
} // namespace tsir
