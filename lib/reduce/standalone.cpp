#include "lib/reduce/start.h"

#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/reduce/reduction.h"

namespace tsir {
namespace {

// Values that are the module or one of its submodules, with the object.
using Objects = std::unordered_map<const jit::Value*, c10::IValue>;

// Unlike a parameter, a constant requires no gradient and shares no storage with the module.
c10::IValue as_constant(const c10::IValue& value) {
  return value.isTensor() && value.toTensor().defined() ? c10::IValue(value.toTensor().detach().clone()) : value;
}

void replace_attribute(jit::Node& node, Objects& objects) {
  const auto owner = objects.find(node.input());
  if (owner == objects.end()) {
    return; // an attribute of an object that the graph itself makes
  }
  const std::string& name = node.s(c10::attr::name);
  const c10::IValue value = owner->second.toObjectRef().getAttr(name);
  if (value.isModule()) {
    objects.emplace(node.output(), value);
    return;
  }
  const jit::WithInsertPoint before(&node);
  const auto constant = jit::tryInsertConstant(*node.owningGraph(), as_constant(value));
  if (!constant) {
    throw Error(ErrorKind::usage,
                fmt::format("attribute {} ({}) cannot be a constant of a graph", name, value.tagKind()));
  }
  node.output()->replaceAllUsesWith(*constant);
}

bool is_object(const jit::Value& value) {
  const auto type = value.type()->cast<c10::ClassType>();
  return type && type->is_module();
}

} // namespace

GraphPtr standalone_graph(const Unit& unit) {
  GraphPtr graph = inlined(*unit.graph());
  drop_unread_constants(*graph); // among them the inlined functions, which text cannot express
  if (!unit.has_module()) {
    return graph;
  }
  if (has_calls(*graph)) {
    throw Error(ErrorKind::usage, fmt::format("{} calls a method that cannot be inlined", unit.name()));
  }
  Objects objects{{graph->inputs().at(0), unit.module()._ivalue()}};
  const std::vector<jit::Node*> nodes = nodes_of(*graph);
  for (jit::Node* node : nodes) {
    if (node->kind() == c10::prim::GetAttr) {
      replace_attribute(*node, objects);
    }
  }
  for (size_t i = nodes.size(); i > 0; --i) { // users before what they use
    jit::Node* node = nodes[i - 1];
    const bool reads = node->kind() == c10::prim::GetAttr && !node->hasUses();
    if (reads || (node->kind() == c10::prim::SetAttr && objects.contains(node->input(0)))) {
      node->destroy();
    }
  }
  if (graph->inputs()[0]->hasUses()) {
    throw Error(ErrorKind::usage, fmt::format("{} uses its module for more than reading attributes", unit.name()));
  }
  if (is_object(*graph->inputs()[0])) {
    graph->eraseInput(0);
  }
  return graph;
}

} // namespace tsir
