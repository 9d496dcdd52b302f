#include "passes/onednn_groups.h"

namespace tsir {

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
