#include "lib/run/profile_nodes.h"

#include "lib/base/error.h"

#include <typeinfo>

namespace tsir {
namespace {

// The parser makes plain jit::Nodes of them. (The class of the nodes that record something is not exported.)
bool is_bare(const jit::Node& node) {
  return (node.kind() == c10::prim::profile || node.kind() == c10::prim::profile_ivalue) &&
         typeid(node) == typeid(jit::Node);
}

void drop_from(jit::Block& block) {
  for (auto at = block.nodes().begin(); at != block.nodes().end();) {
    jit::Node* node = *at++; // advanced before the node may be destroyed
    for (jit::Block* inner : node->blocks()) {
      drop_from(*inner);
    }
    if (!is_bare(*node)) {
      continue;
    }
    for (size_t i = 0; i < node->outputs().size() && i < node->inputs().size(); ++i) {
      node->output(i)->replaceAllUsesWith(node->input(i));
    }
    if (node->hasUses()) { // it has more outputs than inputs
      throw Error(ErrorKind::check, fmt::format("a {} without an input cannot be run", node->kind().toQualString()));
    }
    node->destroy();
  }
}

// LibTorch's interpreter pushes the number of the frame for the callback; the value that it profiles is below and
// stays.
void forget_callbacks(jit::Block& block) {
  const auto drop_frame = [](jit::Stack& stack) { stack.pop_back(); };
  for (jit::Node* node : block.nodes()) {
    // Not Node::cast, because the static member that it compares with is not exported.
    if (node->kind() == c10::prim::profile) {
      static_cast<jit::ProfileOp*>(node)->setCallback(drop_frame);
    } else if (node->kind() == c10::prim::profile_ivalue) {
      static_cast<jit::ProfileIValueOp*>(node)->setCallback(drop_frame);
    }
    for (jit::Block* inner : node->blocks()) {
      forget_callbacks(*inner);
    }
  }
}

} // namespace

void drop_bare_profiles(jit::Graph& graph) {
  drop_from(*graph.block());
}

void forget_record(jit::Graph& graph) {
  forget_callbacks(*graph.block());
}

} // namespace tsir
