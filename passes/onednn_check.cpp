#include "passes/onednn_check.h"

namespace tsir {
namespace {

// Prepares the group for a run, in a graph of its own. Returns whether that succeeded.
bool compiles(jit::Node& group) {
  const auto graph = std::make_shared<jit::Graph>();
  std::unordered_map<jit::Value*, jit::Value*> inputs;
  for (jit::Value* input : group.inputs()) {
    if (!inputs.contains(input)) {
      inputs[input] = graph->addInput()->setType(input->type());
    }
  }
  jit::Node* copy = graph->insertNode(graph->createClone(&group, [&](jit::Value* value) { return inputs.at(value); }));
  for (jit::Value* output : copy->outputs()) {
    graph->registerOutput(output);
  }
  try {
    const jit::Code code(graph, "group");
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

// The group behind a guard, which is in the first block of a prim::If on the guard's result; nullptr if `node` is not
// such a prim::If.
jit::Node* guarded_group(jit::Node& node) {
  if (node.kind() != c10::prim::If || node.blocks().size() != 2 ||
      node.input()->node()->kind() != c10::prim::oneDNNFusionGuard) {
    return nullptr;
  }
  for (jit::Node* inner : node.blocks()[0]->nodes()) {
    if (inner->kind() == c10::prim::oneDNNFusionGroup) {
      return inner;
    }
  }
  return nullptr;
}

// Replaces the prim::If by the operators of its second block, which run unfused.
void keep_fallback(jit::Node* choice) {
  jit::Block* fallback = choice->blocks()[1];
  while (fallback->nodes().begin() != fallback->nodes().end()) {
    (*fallback->nodes().begin())->moveBefore(choice);
  }
  for (size_t i = 0; i < choice->outputs().size(); ++i) {
    choice->outputs()[i]->replaceAllUsesWith(fallback->outputs()[i]);
  }
  jit::Node* guard = choice->input()->node();
  choice->destroy();
  if (!guard->hasUses()) {
    guard->destroy();
  }
}

} // namespace

size_t dissolve_uncompilable_groups(jit::Block& block) {
  size_t dissolved = 0;
  for (auto at = block.nodes().begin(); at != block.nodes().end();) {
    jit::Node* node = *at++; // advanced first, because the node may be destroyed
    jit::Node* group = guarded_group(*node);
    if (group != nullptr && !compiles(*group)) {
      keep_fallback(node);
      ++dissolved;
      continue;
    }
    for (jit::Block* inner : node->blocks()) {
      dissolved += dissolve_uncompilable_groups(*inner);
    }
  }
  return dissolved;
}

} // namespace tsir
