#include "lib/pass/idle.h"

#include "lib/ir/walk.h"

namespace tsir {
namespace {

bool has_node(const jit::Graph& graph, const std::function<bool(const jit::Node&)>& matches) {
  return find_node(graph, matches, /*subgraphs=*/true) != nullptr;
}

bool reads_tensor_attributes(const jit::Node& node) {
  return node.kind() == c10::prim::GetAttr && node.output()->type()->isSubtypeOf(*c10::TensorType::get());
}

// Why the unit does not meet `need`, or nothing if it does or if the graph does not show it.
std::string obstacle(Need need, const jit::Graph& graph) {
  switch (need) {
  case Need::inlined:
    return has_calls(graph) ? "calls are not inlined" : "";
  case Need::frozen:
    return has_node(graph, reads_tensor_attributes) ? "weights are attributes, not constants"
           : has_calls(graph)                       ? "calls are not inlined"
                                                    : "";
  case Need::no_mutation:
    return has_node(graph, writes_in_place) ? "some operators write in place" : "";
  case Need::profile_nodes:
    return has_node(graph, [](const jit::Node& node) { return node.kind() == c10::prim::profile; })
               ? ""
               : "the graph has no prim::profile nodes";
  default:
    return "";
  }
}

} // namespace

std::string idle_reason(const PassRow& row, const Unit& unit) {
  if (row.kind == PassKind::analysis) {
    return "";
  }
  for (const Need need : row.needs) {
    const std::string reason = obstacle(need, *unit.graph());
    if (!reason.empty()) {
      return fmt::format("found nothing to do: {}: {}", reason, to_advice(need));
    }
  }
  return row.looks_for.empty() ? "found nothing to do" : "found nothing to do: it looks for " + row.looks_for;
}

} // namespace tsir
