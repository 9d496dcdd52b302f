// Reductions to simpler constants, shorter lists and types without shapes.
#include "lib/reduce/reduction.h"

namespace tsir {
namespace {

std::vector<jit::Node*> constants_of(jit::Graph& graph) {
  std::vector<jit::Node*> nodes = nodes_of(graph);
  std::erase_if(nodes, [](const jit::Node* node) { return node->kind() != c10::prim::Constant; });
  return nodes;
}

c10::IValue empty_like(const c10::IValue& list) {
  return c10::impl::GenericList(list.toList().elementType());
}

// A simpler value for a constant; empty if it is already simple.
std::optional<c10::IValue> simpler(const c10::IValue& value) {
  if (value.isInt() && value.toInt() != 0 && value.toInt() != 1) {
    return c10::IValue(int64_t{1});
  }
  if (value.isDouble() && value.toDouble() != 0 && value.toDouble() != 1) {
    return c10::IValue(1.0);
  }
  if (value.isString() && !value.toStringRef().empty()) {
    return c10::IValue(std::string());
  }
  if (value.isList() && !value.toListRef().empty()) {
    return empty_like(value);
  }
  if (value.isTensor() && value.toTensor().defined() && value.toTensor().layout() == at::kStrided &&
      !value.toTensor().is_quantized() && value.toTensor().count_nonzero().item<int64_t>() > 0) {
    return c10::IValue(at::zeros_like(value.toTensor()));
  }
  return std::nullopt;
}

std::vector<jit::Node*> complex_constants(jit::Graph& graph) {
  std::vector<jit::Node*> nodes = constants_of(graph);
  std::erase_if(nodes, [](jit::Node* node) {
    const auto value = jit::toIValue(node->output());
    return !value || !simpler(*value);
  });
  return nodes;
}

bool simplify_constants(Candidate& candidate, size_t begin, size_t end) {
  const auto nodes = complex_constants(*candidate.graph);
  bool changed = false;
  for (size_t i = begin; i < std::min(end, nodes.size()); ++i) {
    const jit::WithInsertPoint before(nodes[i]);
    if (const auto made =
            jit::tryInsertConstant(*candidate.graph, *simpler(jit::toIValue(nodes[i]->output()).value()))) {
      nodes[i]->output()->replaceAllUsesWith(*made);
      nodes[i]->destroy();
      changed = true;
    }
  }
  return changed;
}

// One operand of a list construction.
struct Element {
  jit::Node* list;
  size_t index;
};

std::vector<Element> list_elements(jit::Graph& graph) {
  std::vector<Element> elements;
  for (jit::Node* node : nodes_of(graph)) {
    for (size_t i = 0; node->kind() == c10::prim::ListConstruct && i < node->inputs().size(); ++i) {
      elements.push_back({node, i});
    }
  }
  return elements;
}

bool shorten_lists(Candidate& candidate, size_t begin, size_t end) {
  const auto elements = list_elements(*candidate.graph);
  for (size_t i = end; i > begin; --i) {
    elements[i - 1].list->removeInput(elements[i - 1].index);
  }
  drop_unread_constants(*candidate.graph);
  return end > begin;
}

bool shaped(const jit::Value* value) {
  return *c10::unshapedType(value->type()) != *value->type();
}

std::vector<jit::Value*> shaped_values(jit::Graph& graph) {
  std::vector<jit::Value*> values = Candidate::values_of(graph);
  std::erase_if(values, [](const jit::Value* value) { return !shaped(value); });
  return values;
}

bool plain_types(Candidate& candidate, size_t begin, size_t end) {
  const auto values = shaped_values(*candidate.graph);
  for (size_t i = begin; i < std::min(end, values.size()); ++i) {
    values[i]->setType(c10::unshapedType(values[i]->type()));
  }
  return end > begin;
}

} // namespace

std::vector<Reduction> value_reductions() {
  return {{"shorten lists",
           [](const Candidate& candidate) { return list_elements(*candidate.graph).size(); },
           {shorten_lists}},
          {"simplify constants",
           [](const Candidate& candidate) { return complex_constants(*candidate.graph).size(); },
           {simplify_constants}},
          {"plain types",
           [](const Candidate& candidate) { return shaped_values(*candidate.graph).size(); },
           {plain_types}}};
}

std::vector<Reduction> all_reductions(bool without_runs) {
  std::vector<Reduction> all = run_reductions(without_runs);
  for (auto* family : {node_reductions, interface_reductions, block_reductions, value_reductions, size_reductions}) {
    for (Reduction& reduction : family()) {
      all.push_back(std::move(reduction));
    }
  }
  return all;
}

} // namespace tsir
