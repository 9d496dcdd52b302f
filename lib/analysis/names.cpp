#include "lib/analysis/names.h"

#include "lib/ir/walk.h"

namespace tsir {

std::string report_name(const jit::Value& value) {
  return "%" + value.debugName();
}

std::vector<std::string> report_names(const std::vector<const jit::Value*>& values) {
  std::vector<std::string> names;
  names.reserve(values.size());
  for (const jit::Value* value : values) {
    names.push_back(report_name(*value));
  }
  return names;
}

std::string report_name(const jit::Node& node) {
  const auto outputs = node.outputs();
  const auto inputs = node.inputs();
  const bool named = !outputs.empty();
  const auto& values = named ? outputs : inputs;
  const std::string list = listed(report_names({values.begin(), values.end()}), 4);
  return named ? fmt::format("{} = {}", list, node.kind().toQualString())
               : fmt::format("{}({})", node.kind().toQualString(), list);
}

std::string listed(const std::vector<std::string>& names, size_t limit) {
  const size_t shown = names.size() <= limit + 1 ? names.size() : limit; // "and 1 more" is longer than the name
  const std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<ptrdiff_t>(shown), ", "));
  return shown == names.size() ? text : fmt::format("{} and {} more", text, names.size() - shown);
}

std::vector<const jit::Node*> nodes_in_order(const jit::Graph& graph) {
  std::vector<const jit::Node*> nodes;
  walk(*graph.block(), [&](const jit::Node& node) { nodes.push_back(&node); });
  return nodes;
}

std::vector<const jit::Value*> values_in_order(const jit::Graph& graph) {
  const auto inputs = graph.inputs();
  std::vector<const jit::Value*> values(inputs.begin(), inputs.end());
  walk(*graph.block(), [&](const jit::Node& node) {
    const auto outputs = node.outputs();
    values.insert(values.end(), outputs.begin(), outputs.end());
    for (const jit::Block* block : node.blocks()) {
      const auto of_block = block->inputs();
      values.insert(values.end(), of_block.begin(), of_block.end());
    }
  });
  return values;
}

bool is_tensor(const jit::Value& value) {
  return value.type()->kind() == c10::TypeKind::TensorType;
}

} // namespace tsir
