#include "passes/onednn_groups.h"

namespace tsir {
namespace {

jit::Node* group_within(jit::Block& block) {
  for (jit::Node* inner : block.nodes()) {
    if (inner->kind() == c10::prim::oneDNNFusionGroup) {
      return inner;
    }
  }
  return nullptr;
}

void collect_groups(jit::Block& block, std::vector<OnednnGroup>& groups) {
  for (jit::Node* node : block.nodes()) {
    jit::Node* group = is_choice(*node) ? group_within(*node->blocks()[0]) : nullptr;
    if (group != nullptr) {
      groups.push_back({node, node->input()->node(), group});
      continue;
    }
    for (jit::Block* inner : node->blocks()) {
      collect_groups(*inner, groups);
    }
  }
}

} // namespace

bool is_choice(const jit::Node& node) {
  return node.kind() == c10::prim::If && node.blocks().size() == 2 &&
         node.input()->node()->kind() == c10::prim::oneDNNFusionGuard;
}

std::vector<OnednnGroup> onednn_groups(jit::Graph& graph) {
  std::vector<OnednnGroup> groups;
  collect_groups(*graph.block(), groups);
  return groups;
}

const jit::Node& first_operator(const OnednnGroup& group) {
  const jit::Block& fallback = *group.choice->blocks()[1];
  for (const jit::Node* node : fallback.nodes()) {
    if (node->kind() != c10::prim::Constant && node->kind() != c10::prim::ListConstruct) {
      return *node;
    }
  }
  return *group.choice;
}

void dissolve(const OnednnGroup& group) {
  jit::Block* fallback = group.choice->blocks()[1];
  while (fallback->nodes().begin() != fallback->nodes().end()) {
    (*fallback->nodes().begin())->moveBefore(group.choice);
  }
  for (size_t i = 0; i < group.choice->outputs().size(); ++i) {
    group.choice->outputs()[i]->replaceAllUsesWith(fallback->outputs()[i]);
  }
  group.choice->destroy();
  if (!group.guard->hasUses()) {
    group.guard->destroy();
  }
}

} // namespace tsir
