// Removes nodes: uses of their results are replaced by an earlier value, a constant or a new input.
#include "lib/reduce/reduction.h"

namespace tsir {
namespace {

using StandIn = std::function<jit::Value*(Candidate&, jit::Node&, const jit::Value&)>;

// Constants are removed once they are unused, so only constants that are unused from the start count as places.
bool counts_as_place(const jit::Node& node) {
  return node.kind() != c10::prim::Constant || !node.hasUses();
}

std::vector<jit::Node*> removable(jit::Graph& graph) {
  std::vector<jit::Node*> nodes = nodes_of(graph);
  std::erase_if(nodes, [](const jit::Node* node) { return !counts_as_place(*node); });
  return nodes;
}

bool remove_node(Candidate& candidate, jit::Node& node, const StandIn& stand_in) {
  std::vector<jit::Value*> replacements;
  for (const jit::Value* output : node.outputs()) {
    jit::Value* replacement = output->hasUses() ? stand_in(candidate, node, *output) : nullptr;
    if (output->hasUses() && replacement == nullptr) {
      return false;
    }
    replacements.push_back(replacement);
  }
  for (size_t i = 0; i < replacements.size(); ++i) {
    if (replacements[i] != nullptr) {
      node.outputs()[i]->replaceAllUsesWith(replacements[i]);
    }
  }
  node.destroy();
  return true;
}

// Also removes the constants that this leaves unused.
bool remove_range(Candidate& candidate, size_t begin, size_t end, const StandIn& stand_in) {
  const std::vector<jit::Node*> nodes = removable(*candidate.graph);
  bool changed = false;
  for (size_t i = std::min(end, nodes.size()); i > begin; --i) {
    changed |= remove_node(candidate, *nodes[i - 1], stand_in);
  }
  drop_unread_constants(*candidate.graph);
  return changed;
}

jit::Value* earlier(Candidate& candidate, jit::Node& node, const jit::Value& output) {
  return earlier_value(candidate, node, output);
}

jit::Value* earlier_or_fresh(Candidate& candidate, jit::Node& node, const jit::Value& output) {
  jit::Value* value = earlier_value(candidate, node, output);
  return value != nullptr ? value : fresh_value(candidate, node, output);
}

Reduction::Apply removing(const StandIn& stand_in) {
  return [stand_in](Candidate& candidate, size_t begin, size_t end) {
    return remove_range(candidate, begin, end, stand_in);
  };
}

std::vector<jit::Node*> shared_constants(jit::Graph& graph) {
  std::vector<jit::Node*> nodes = nodes_of(graph);
  std::erase_if(nodes, [](const jit::Node* node) { return node->kind() != c10::prim::Constant; });
  return nodes;
}

// Replaces constants by earlier values, which saves one node each.
bool merge_constants(Candidate& candidate, size_t begin, size_t end) {
  const std::vector<jit::Node*> nodes = shared_constants(*candidate.graph);
  bool changed = false;
  for (size_t i = std::min(end, nodes.size()); i > begin; --i) {
    changed |= remove_node(candidate, *nodes[i - 1], earlier);
  }
  return changed;
}

} // namespace

std::vector<Reduction> node_reductions() {
  return {{"remove nodes",
           [](const Candidate& candidate) { return removable(*candidate.graph).size(); },
           {removing(earlier), removing(fresh_value), removing(earlier_or_fresh)}},
          {"merge constants",
           [](const Candidate& candidate) { return shared_constants(*candidate.graph).size(); },
           {merge_constants}}};
}

} // namespace tsir
