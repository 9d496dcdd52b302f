#include "lib/analysis/tags.h"

#include "lib/analysis/names.h"
#include "lib/ir/walk.h"

namespace tsir {

GraphPtr tagged_copy(const jit::Graph& graph) {
  GraphPtr copy = const_cast<jit::Graph&>(graph).copy(); // copy() only reads
  const auto root = c10::make_intrusive<jit::Scope>();
  size_t tag = 0;
  for (const jit::Node* node : nodes_in_order(*copy)) {
    const_cast<jit::Node*>(node)->setScope(root->push(c10::Symbol::scope(fmt::format("tsir{}", tag++))));
  }
  return copy;
}

std::set<size_t> tags_in(const jit::Graph& graph) {
  std::set<size_t> tags;
  walk(*graph.block(), [&](const jit::Node& node) {
    const jit::ScopePtr scope = const_cast<jit::Node&>(node).scope(); // scope() is not const
    const std::string name = scope ? scope->name().toUnqualString() : "";
    if (node.kind() != c10::prim::Constant && name.starts_with("tsir")) {
      tags.insert(std::stoul(name.substr(4)));
    }
  });
  return tags;
}

} // namespace tsir
