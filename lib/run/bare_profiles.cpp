#include "lib/run/bare_profiles.h"

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

} // namespace

void drop_bare_profiles(jit::Graph& graph) {
  drop_from(*graph.block());
}

} // namespace tsir
