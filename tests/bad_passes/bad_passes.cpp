// A pass plugin for tsir's tests: passes that misbehave.
#include "lib/pass/plugin.h"
#include "lib/pass/refused.h"

#include <torch/csrc/jit/jit_opt_limit.h>

#include <csignal>
#include <thread>

namespace {

using tsir::PassContext;
using tsir::PassResult;
using tsir::PassRow;
using tsir::Unit;

void add(tsir::Registry& registry, const std::string& name, std::function<void(torch::jit::Graph&)> change,
         const std::function<void(PassRow&)>& more = {}) {
  PassRow row;
  row.name = name;
  row.function = "test::" + name;
  row.summary = "For tests: " + name;
  row.looks_for = "nothing";
  row.run = [change = std::move(change)](Unit& unit, const PassContext&) -> PassResult {
    change(*unit.graph());
    return {};
  };
  if (more) {
    more(row);
  }
  registry.add(std::move(row));
}

// Adds a node after the last one. It takes the graph's first output, and replaces it.
torch::jit::Node* append(torch::jit::Graph& graph, const char* kind) {
  torch::jit::Value* output = graph.outputs().at(0);
  torch::jit::WithInsertPoint at_end(graph.block()->return_node());
  torch::jit::Node* node = graph.insertNode(graph.create(c10::Symbol::fromQualString(kind), {output}));
  node->output()->setType(output->type());
  graph.block()->replaceOutput(0, node->output());
  return node;
}

// Adds a known amount of work, by increasing the count of the graph's first loop.
void add_more_work(tsir::Registry& registry) {
  PassRow row;
  row.name = "more-work";
  row.function = "test::more-work";
  row.summary = "For tests: lengthens the first loop of constant count";
  row.looks_for = "a loop of constant count";
  row.options = {{"per-mille", int64_t{30}, "how many iterations more, of a thousand", {}}};
  row.run = [](Unit& unit, const PassContext& context) -> PassResult {
    for (torch::jit::Node* node : unit.graph()->nodes()) {
      if (node->kind() != c10::prim::Loop) {
        continue;
      }
      const int64_t count = torch::jit::constant_as<int64_t>(node->input(0)).value();
      torch::jit::WithInsertPoint before(node);
      node->replaceInput(0, unit.graph()->insertConstant(count * (1000 + context.options.integer("per-mille")) / 1000));
      break;
    }
    return {};
  };
  registry.add(std::move(row));
}

bool has_tanh_of_sum(const torch::jit::Graph& graph) {
  for (const torch::jit::Node* node : graph.nodes()) {
    if (node->kind() == c10::aten::tanh && node->input()->node()->kind() == c10::aten::add) {
      return true;
    }
  }
  return false;
}

// A failure only for graphs that contain the tanh of a sum.
void add_choosy_passes(tsir::Registry& registry) {
  add(registry, "choosy-crash", [](torch::jit::Graph& graph) {
    if (has_tanh_of_sum(graph)) {
      std::raise(SIGSEGV);
    }
  });
  add(registry, "choosy-throw", [](torch::jit::Graph& graph) {
    size_t number = 0;
    for (const torch::jit::Node* node : graph.nodes()) {
      ++number;
      TORCH_CHECK(node->kind() != c10::aten::tanh || node->input()->node()->kind() != c10::aten::add,
                  "no tanh of sums, but node ", number, " is one");
    }
  });
  add(registry, "choosy-hang", [](torch::jit::Graph& graph) {
    if (has_tanh_of_sum(graph)) {
      std::this_thread::sleep_for(std::chrono::hours(1));
    }
  });
  add(registry, "choosy-order", [](torch::jit::Graph& graph) {
    if (has_tanh_of_sum(graph)) {
      append(graph, "aten::neg")->moveBefore(*graph.nodes().begin());
    }
  });
  // Replaces tanh of a sum by sinh.
  add(registry, "choosy-result", [](torch::jit::Graph& graph) {
    for (torch::jit::Node* node : graph.nodes()) {
      if (node->kind() == c10::aten::tanh && node->input()->node()->kind() == c10::aten::add) {
        torch::jit::WithInsertPoint before(node);
        torch::jit::Node* other =
            graph.insertNode(graph.create(c10::Symbol::fromQualString("aten::sinh"), {node->input()}));
        node->output()->replaceAllUsesWith(other->output());
      }
    }
  });
}

// Replaces sigmoids that are returned by tanh, as often as LibTorch's limit allows:
// PYTORCH_JIT_OPT_LIMIT=bad_passes=2.
void add_limited_pass(tsir::Registry& registry) {
  add(registry, "bad-limited", [](torch::jit::Graph& graph) {
    using torch::jit::opt_limit; // which JIT_OPT_ALLOWED calls by this name
    for (torch::jit::Node* node : graph.nodes()) {
      if (node->kind() == c10::aten::sigmoid && JIT_OPT_ALLOWED) {
        torch::jit::WithInsertPoint before(node);
        torch::jit::Node* other = graph.insertNode(graph.create(
            c10::Symbol::fromQualString(node->hasUses() && graph.outputs().at(0) == node->output() ? "aten::tanh"
                                                                                                   : "aten::sigmoid"),
            {node->input()}));
        node->output()->replaceAllUsesWith(other->output());
      }
    }
  });
}

void add_passes(tsir::Registry& registry) {
  add_choosy_passes(registry);
  add_limited_pass(registry);
  add(registry, "bad-crash", [](torch::jit::Graph&) { std::raise(SIGSEGV); });
  add(registry, "bad-abort", [](torch::jit::Graph&) { std::terminate(); });
  add(registry, "bad-hang", [](torch::jit::Graph&) { std::this_thread::sleep_for(std::chrono::hours(1)); });
  add(
      registry, "bad-throw", [](torch::jit::Graph&) { TORCH_CHECK(false, "a defect that is known: code 42"); },
      [](PassRow& row) {
        row.upstream = {{"pytorch#1", "throws code 42", "code 42"}};
      });
  add(registry, "bad-refuse", [](torch::jit::Graph&) { throw tsir::Refused("it wants another graph"); });
  // An error of tsir's own type that is not a refusal.
  add(registry, "bad-error", [](torch::jit::Graph&) { throw tsir::Error(tsir::ErrorKind::pass, "the model threw"); });
  // A node that uses the value of its successor.
  add(registry, "bad-order", [](torch::jit::Graph& graph) {
    torch::jit::Node* last = append(graph, "aten::neg");
    last->moveBefore(*graph.nodes().begin());
  });
  add(registry, "bad-result", [](torch::jit::Graph& graph) { append(graph, "aten::neg"); });
  // Results are off by a hundredth.
  add(registry, "bad-drift", [](torch::jit::Graph& graph) {
    torch::jit::Node* product = append(graph, "aten::mul");
    torch::jit::WithInsertPoint before(product);
    product->addInput(graph.insertConstant(1.01));
  });
  // The same results, with two hundred more operators.
  add(registry, "bad-slow", [](torch::jit::Graph& graph) {
    for (int i = 0; i < 200; ++i) {
      append(graph, "aten::neg");
    }
  });
  add_more_work(registry);
  add(registry, "bad-input", [](torch::jit::Graph& graph) {
    torch::jit::WithInsertPoint at_end(graph.block()->return_node());
    graph.insertNode(graph.create(c10::Symbol::fromQualString("aten::zero_"), {graph.inputs().back()}));
  });
  add(registry, "good-stride", [](torch::jit::Graph& graph) {
    append(graph, "aten::t");
    torch::jit::Node* contiguous = append(graph, "aten::contiguous");
    torch::jit::WithInsertPoint before_it(contiguous);
    contiguous->addInput(graph.insertConstant(0)); // row by row
    append(graph, "aten::t");
  });
  add(registry, "bad-operator", [](torch::jit::Graph& graph) { append(graph, "nobody::knows_it"); });
  add(
      registry, "bad-operator-unrun", [](torch::jit::Graph& graph) { append(graph, "nobody::knows_it"); },
      [](PassRow& row) { row.executable = false; });
}

} // namespace

TSIR_PASS_PLUGIN(add_passes)
