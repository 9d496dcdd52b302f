// Forks, which run asynchronously, and the closures that they are made from.
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

// LibTorch replaces every use of the future by the result, also in lists and in outputs of blocks.
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
    throw Refused("the future of a fork is used by something other than aten::wait (a list, or the "
                  "output of a block): LibTorch would put the result where a future is expected");
  }
  jit::InlineForkWait(graph);
}

// A closure that is called later, in the form that TorchScript's compiler generates first: a node with a block.
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
  row.order = "inline after it, because forked methods are calls";
  row.looks_for = "torch.jit.fork, and the torch.jit.wait for it";
  row.summary = "Inlines forks, which then run in the same thread";
  row.description = "Every prim::fork is replaced by the graph that it would have run, and every aten::wait for it by "
                    "the result. Waits for futures that come from elsewhere stay. Fusers and most other passes do not "
                    "look into forks. The futures may be used by aten::wait only: tsir refuses a graph that puts a "
                    "future into a list or returns it, because LibTorch would leave a graph with wrong types. "
                    "LibTorch's pass throws on forks inside forked graphs, so tsir inlines these first.";
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
  row.looks_for = "prim::Closure with a block, which only TorchScript's compiler generates";
  row.summary = "Turns the block of a closure into a graph (a step of TorchScript's compiler)";
  row.description = "The block of every prim::Closure becomes a graph in an attribute of the node. The values of the "
                    "outer graph that the block reads become one tuple, and the closure becomes a pair of the graph "
                    "and the tuple. The compiler runs this on every function that it compiles, so models in files no "
                    "longer contain such closures. A closure that is already lifted is an error.";
  row.example = closure_example;
  row.run = [pass = on_graph([](GraphPtr& graph) { jit::liftClosures(graph); }, {{"prim::Closure"}, "prim::Closure"})](
                Unit& unit, const PassContext& context) {
    if (find_node(*unit.graph(), is_closure_without_block) != nullptr) {
      throw Refused("a prim::Closure has no block: it is already lifted");
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
  row.executable = false; // the interpreter cannot run the dead prim::Closure
  row.order = "after lift-closures; eliminate-dead-code after it";
  row.looks_for = "prim::forkClosure, which only TorchScript's compiler generates";
  row.summary = "Turns forks of closures into ordinary forks (a step of TorchScript's compiler)";
  row.description = "Every prim::forkClosure (or prim::awaitableClosure) of a lifted closure becomes a prim::fork (or "
                    "prim::awaitable) of the closure's graph, with the captured values as its inputs. The closure "
                    "itself stays as dead nodes, which the interpreter cannot run: run eliminate-dead-code afterwards. "
                    "Models in files already contain ordinary forks.";
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
