// Inlines a copy of a graph for display with LibTorch's Inline(), within a size limit, and including subgraphs.
#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/ir/walk.h"

#include <torch/csrc/jit/passes/inliner.h>

namespace tsir {
namespace {

// The deepest nesting of calls, more than any model needs. LibTorch's inlining is recursive and must not overflow the
// stack.
constexpr size_t deepest_call = 1000;

// Counts the nodes of a graph after inlining, and of the body of each function that it calls.
class InlinedCount {
public:
  explicit InlinedCount(size_t limit) : limit_(limit) {}

  size_t of(const jit::Block& block, size_t depth = 0) {
    size_t count = 0;
    const auto add = [&](const jit::Node& node) {
      jit::GraphFunction* function = count < limit_ ? callee(node) : nullptr;
      count = std::min(limit_, count + (function == nullptr ? 1 : of(*function, depth + 1)));
    };
    walk(block, add, true);
    return count;
  }

  // The total number of nodes of all inlined bodies, which LibTorch keeps.
  size_t bodies() const {
    size_t sum = 0;
    for (const auto& [function, count] : known_) {
      sum += count;
    }
    return sum;
  }

private:
  size_t of(const jit::GraphFunction& function, size_t depth) {
    // A function's count is infinite until it is known: a function that calls itself does not have a finite inlined
    // form.
    const auto [known, first] = known_.try_emplace(&function, limit_);
    if (!first || depth > deepest_call) {
      return known->second;
    }
    const size_t count = of(*function.graph()->block(), depth);
    return known_[&function] = count;
  }

  size_t limit_;
  std::unordered_map<const jit::GraphFunction*, size_t> known_;
};

void inline_calls(jit::Graph& graph);

// A copy of a graph shares the subgraphs of its nodes with the original, so each subgraph is copied before it is
// changed.
void inline_subgraphs(jit::Block& block) {
  for (jit::Node* node : block.nodes()) {
    for (jit::Block* inner : node->blocks()) {
      inline_subgraphs(*inner);
    }
    if (node->hasAttribute(c10::attr::Subgraph) && node->kindOf(c10::attr::Subgraph) == jit::AttributeKind::g) {
      auto subgraph = node->g(c10::attr::Subgraph)->copy();
      inline_calls(*subgraph);
      node->g_(c10::attr::Subgraph, subgraph);
    }
  }
}

void inline_calls(jit::Graph& graph) {
  jit::Inline(graph);
  inline_subgraphs(*graph.block());
}

} // namespace

size_t count_inlined_nodes(const jit::Graph& graph, size_t limit) {
  return InlinedCount(limit).of(*graph.block());
}

bool inlines_within(const jit::Graph& graph, size_t limit) {
  InlinedCount count(limit + 1);
  return count.of(*graph.block()) <= limit && count.bodies() <= 10 * limit;
}

GraphPtr inlined(const jit::Graph& graph, size_t limit) {
  if (!inlines_within(graph, limit)) {
    throw Error(ErrorKind::usage, fmt::format("inlined, this graph has more than {} nodes: use {}", human_count(limit),
                                              spelled(Setting::no_inline)));
  }
  // Graph::copy() is not const, although it does not change the graph.
  GraphPtr copy = const_cast<jit::Graph&>(graph).copy();
  try {
    inline_calls(*copy);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot inline this graph ({}): use {}", one_line(error), spelled(Setting::no_inline)));
  }
  return copy;
}

GraphPtr inlined_to_read(const jit::Graph& graph, size_t limit) {
  // shared_from_this is not const.
  return has_calls(graph, /*subgraphs=*/true) ? inlined(graph, limit)
                                              : const_cast<jit::Graph&>(graph).shared_from_this();
}

} // namespace tsir
