#include "lib/ir/walk.h"

#include <torch/csrc/jit/passes/inliner.h>

namespace tsir {

std::vector<GraphPtr> subgraphs_of(const jit::Node& node) {
  std::vector<GraphPtr> graphs;
  for (c10::Symbol name : node.attributeNames()) {
    if (node.kindOf(name) == jit::AttributeKind::g) {
      graphs.push_back(node.g(name));
    } else if (node.kindOf(name) == jit::AttributeKind::gs) {
      graphs.insert(graphs.end(), node.gs(name).begin(), node.gs(name).end());
    }
  }
  return graphs;
}

// Uses an explicit stack: blocks of malicious files are nested deeper than the call stack allows.
void walk(const jit::Block& block, const std::function<void(const jit::Node&)>& visit, bool subgraphs) {
  std::vector<const jit::Node*> next{block.nodes().front()};
  while (!next.empty()) {
    const jit::Node* node = next.back();
    if (node->kind() == c10::prim::Return) {
      next.pop_back();
      continue;
    }
    next.back() = node->next();
    visit(*node);
    // Pushed in reverse order, so that the first one is popped first.
    if (subgraphs && node->hasAttributes()) {
      const auto graphs = subgraphs_of(*node);
      // NOLINTNEXTLINE(modernize-loop-convert): backwards
      for (auto graph = graphs.rbegin(); graph != graphs.rend(); ++graph) {
        next.push_back((*graph)->block()->nodes().front());
      }
    }
    const auto blocks = node->blocks();
    for (size_t i = blocks.size(); i > 0; --i) {
      next.push_back(blocks[i - 1]->nodes().front());
    }
  }
}

const jit::Node* find_node(const jit::Graph& graph, const std::function<bool(const jit::Node&)>& matches,
                           bool subgraphs) {
  const jit::Node* found = nullptr;
  walk(
      *graph.block(), [&](const jit::Node& node) { found = found == nullptr && matches(node) ? &node : found; },
      subgraphs);
  return found;
}

bool writes_in_place(const jit::Node& node) {
  const c10::FunctionSchema* schema = node.maybeSchema();
  return schema != nullptr && schema->is_mutable();
}

bool has_effects(const jit::Node& node) {
  return (!node.kind().is_prim() && node.maybeOperator() == nullptr) || node.hasSideEffects();
}

size_t count_nodes(const jit::Graph& graph, bool subgraphs) {
  size_t count = 0;
  walk(
      *graph.block(), [&](const jit::Node&) { ++count; }, subgraphs);
  return count;
}

std::map<std::string, size_t> count_operators(const jit::Graph& graph) {
  std::unordered_map<uint32_t, size_t> by_symbol;
  walk(
      *graph.block(), [&](const jit::Node& node) { ++by_symbol[node.kind()]; }, true);
  std::map<std::string, size_t> counts;
  for (const auto& [symbol, count] : by_symbol) {
    counts[c10::Symbol(symbol).toQualString()] += count;
  }
  return counts;
}

bool has_calls(const jit::Graph& graph, bool subgraphs) {
  bool found = false;
  walk(
      *graph.block(),
      [&](const jit::Node& node) {
        found |= node.kind() == c10::prim::CallMethod || node.kind() == c10::prim::CallFunction;
      },
      subgraphs);
  return found;
}

jit::GraphFunction* callee(const jit::Node& node) {
  if (node.kind() != c10::prim::CallFunction && node.kind() != c10::prim::CallMethod) {
    return nullptr;
  }
  try {
    // tryToGraphFunction takes a non-const node, but only reads it.
    return jit::tryToGraphFunction(const_cast<jit::Node*>(&node));
  } catch (const std::exception&) {
    return nullptr; // the method does not exist, or the function is not a constant
  }
}

} // namespace tsir
