// The checks of types in front of fused groups, and what runs if the types differ.
#include "lib/ir/walk.h"
#include "lib/render/dot/builder.h"

namespace tsir {
namespace {

size_t operators_in(const jit::Block& block) {
  size_t count = 0;
  walk(block, [&](const jit::Node& node) {
    count += node.kind() != c10::prim::Constant && node.kind() != c10::prim::GetAttr ? 1 : 0;
  });
  return count;
}

} // namespace

const jit::Node* guard_of(const jit::Node& node) {
  static const std::set<std::string> guards = {"prim::TypeCheck", "prim::TensorExprDynamicGuard",
                                               "prim::RequiresGradCheck", "prim::oneDNNFusionGuard",
                                               "prim::CudaFusionGuard"};
  const bool branches = node.kind() == c10::prim::If && node.blocks().size() == 2;
  const jit::Node* guard = branches ? node.input()->node() : nullptr;
  if (guard == nullptr || !guards.contains(guard->kind().toQualString())) {
    return nullptr;
  }
  const size_t passed_on = guard->outputs().size() - 1;
  const bool fits = node.input()->offset() == passed_on && node.input()->uses().size() == 1 &&
                    (passed_on == 0 || passed_on == guard->inputs().size());
  const bool fused = std::ranges::any_of(node.blocks()[0]->nodes(),
                                         [](const jit::Node* inner) { return !subgraphs_of(*inner).empty(); });
  return fits && fused ? guard : nullptr;
}

// A check of types that is not drawn: what it passes on are its inputs.
bool Builder::guard(const jit::Node& node) {
  const jit::Value* decides = node.outputs().empty() ? nullptr : node.outputs().back();
  if (!settings_.hide_checks || decides == nullptr || decides->uses().size() != 1 ||
      guard_of(*decides->uses()[0].user) != &node) {
    return false;
  }
  for (size_t i = 0; i + 1 < node.outputs().size(); ++i) {
    const Source passed = source(node.inputs()[i]); // a copy, because inserting may move the original
    sources_[node.outputs()[i]] = passed;
  }
  return true;
}

// The second arm of a fused group, as a line of the check before it.
void Builder::fallback(const jit::Node& node) {
  const auto check = boxes_.find(guard_of(node));
  if (check == boxes_.end()) {
    return;
  }
  Box& drawn = drawing_.boxes[check->second];
  const size_t count = operators_in(*node.blocks()[1]);
  drawn.lines.push_back(fmt::format("otherwise {} operator{}, not fused", count, count == 1 ? "" : "s"));
  drawn.nodes.push_back(places_.at(&node));
}

} // namespace tsir
