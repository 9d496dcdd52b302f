// Forks, which compute in the background, and the closures that they begin as.
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "passes/all.h"
#include "passes/graph_pass.h"
#include "passes/writes.h"

#include <torch/csrc/jit/passes/inline_fork_wait.h>
#include <torch/csrc/jit/passes/inline_forked_closures.h>
#include <torch/csrc/jit/passes/lift_closures.h>

namespace tsir {
namespace {

// LibTorch puts the result in the future's place wherever that goes, into lists and out of blocks too.
bool has_escaping_future(const jit::Node& node) {
  return node.kind() == c10::prim::fork && std::ranges::any_of(node.output()->uses(), [](const jit::Use& use) {
           return use.user->kind() != c10::aten::wait;
         });
}

bool is_fork(const jit::Node& node) {
  return node.kind() == c10::prim::fork;
}

// Inner forks first: LibTorch's pass throws on a fork that it finds only after inlining another.
void inline_forks(const GraphPtr& graph) {
  walk(*graph->block(), [](const jit::Node& node) {
    if (is_fork(node)) {
      inline_forks(node.g(c10::attr::Subgraph));
    }
  });
  if (find_node(*graph, has_escaping_future) != nullptr) {
    throw Refused("the future of a fork goes elsewhere than into aten::wait (into a list, or out of a "
                  "block): LibTorch would put the result where a future is expected");
  }
  jit::InlineForkWait(graph);
}

// A closure that is called later, as TorchScript's compiler first writes it down: a block.
constexpr auto closure_example = R"(graph(%x : Tensor):
  %closure : Any = prim::Closure()
    block0():
      %1 : Tensor = aten::relu(%x)
      %2 : Tensor = aten::neg(%1)
      -> (%2)
  %future : Future(Tensor) = prim::forkClosure(%closure)
  %y : Tensor = aten::wait(%future)
  return (%y)
)";

PassRow inline_fork_wait() {
  PassRow row;
  row.name = "inline-fork-wait";
  row.function = "torch::jit::InlineForkWait";
  row.header = "torch/csrc/jit/passes/inline_fork_wait.h";
  row.order = "inline after it: forked methods are calls";
  row.looks_for = "torch.jit.fork, and the torch.jit.wait that belongs to it";
  row.summary = "Computes what is forked where the fork stands, without another thread";
  row.description =
      "Every prim::fork becomes the graph that it would have run, and every aten::wait for it the result. Waits for "
      "futures that come from elsewhere stay. Fusers and most other passes do not look into forks. The futures must go "
      "into aten::wait and nowhere else: tsir refuses a graph that puts one into a list or returns it, where LibTorch "
      "would leave a graph with wrong types. Forks inside forked graphs, on which LibTorch's pass throws, are inlined "
      "first.";
  row.example = closure_example;
  row.example_passes = "lift-closures,inline-forked-closures,eliminate-dead-code";
  row.run = on_graph([](GraphPtr& graph) { inline_forks(graph); }, {{"prim::fork"}, "prim::fork"});
  return row;
}

bool is_closure_without_block(const jit::Node& node) {
  return node.kind() == c10::prim::Closure && node.blocks().size() != 1;
}

PassRow lift_closures() {
  PassRow row;
  row.name = "lift-closures";
  row.function = "torch::jit::liftClosures";
  row.header = "torch/csrc/jit/passes/lift_closures.h";
  row.savable = false;
  row.executable = false;
  row.idempotent = false;
  row.order = "before inline-forked-closures";
  row.looks_for = "prim::Closure with a block, which only TorchScript's compiler writes";
  row.summary = "Makes the block of a closure a graph of its own (a step of TorchScript's compiler)";
  row.description =
      "The block of every prim::Closure becomes a graph in its attribute; the values of the outer graph that it reads "
      "become one tuple, and the closure a pair of graph and tuple. The compiler runs this on every function that it "
      "compiles, so models in files hold no such closures any more. A closure that was lifted already is an error.";
  row.example = closure_example;
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::liftClosures(graph); }, {{"prim::Closure"}, "prim::Closure"})](
                Unit& unit, const PassContext& context) {
    if (find_node(*unit.graph(), is_closure_without_block) != nullptr) {
      throw Refused("a prim::Closure has no block: it is lifted already");
    }
    return pass(unit, context);
  };
  return row;
}

bool is_lifted(const jit::Value& closure) {
  const jit::Node* pair = closure.node();
  return pair->kind() == c10::prim::TupleConstruct && pair->inputs().size() == 2 &&
         pair->inputs()[0]->node()->kind() == c10::prim::Closure &&
         pair->inputs()[0]->node()->hasAttribute(c10::attr::Subgraph);
}

bool is_fork_of_unlifted(const jit::Node& node) {
  const bool forks = node.kind() == c10::prim::forkClosure || node.kind() == c10::prim::awaitableClosure;
  return forks && (node.inputs().size() != 1 || !is_lifted(*node.inputs()[0]));
}

PassRow inline_forked_closures() {
  PassRow row;
  row.name = "inline-forked-closures";
  row.function = "torch::jit::inlineForkedClosures";
  row.header = "torch/csrc/jit/passes/inline_forked_closures.h";
  row.savable = false;
  row.executable = false; // the interpreter does not know the dead prim::Closure
  row.order = "after lift-closures; eliminate-dead-code after it";
  row.looks_for = "prim::forkClosure, which only TorchScript's compiler writes";
  row.summary = "Makes forks of closures ordinary forks (a step of TorchScript's compiler)";
  row.description =
      "Every prim::forkClosure (and prim::awaitableClosure) of a lifted closure becomes a prim::fork (prim::awaitable) "
      "of the closure's graph, with the captured values as its inputs. The closure itself stays as dead nodes, which "
      "the "
      "interpreter does not know: run eliminate-dead-code. Models "
      "in files hold ordinary forks already.";
  row.example = closure_example;
  row.example_passes = "lift-closures";
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::inlineForkedClosures(graph); },
                             {{"prim::forkClosure", "prim::awaitableClosure", "prim::awaitableThenClosure"},
                              "prim::forkClosure"})](Unit& unit, const PassContext& context) {
    if (find_node(*unit.graph(), is_fork_of_unlifted) != nullptr) {
      throw Refused("a closure is not lifted: run lift-closures first");
    }
    return pass(unit, context);
  };
  return row;
}

} // namespace

void register_closures(Registry& registry) {
  registry.add(inline_fork_wait());
  registry.add(lift_closures());
  registry.add(inline_forked_closures());
}

} // namespace tsir
