#include "lib/render/dot/build.h"

#include "lib/base/units.h"
#include "lib/ir/walk.h"
#include "lib/render/dot/builder.h"
#include "lib/render/dot/collapse.h"
#include "lib/render/dot/kinds.h"
#include "lib/render/dot/scalars.h"
#include "lib/render/dot/text.h"

#include <torch/csrc/jit/passes/canonicalize.h>

namespace tsir {
namespace {

// The number of operators in the body of a function, without constants and reads of attributes. 0 if there are too
// many.
size_t operators_of(const jit::GraphFunction& function) {
  constexpr size_t limit = 200'000;
  if (count_inlined_nodes(*function.graph(), limit) >= limit) {
    return 0;
  }
  size_t count = 0;
  const auto add = [&](const jit::Node& node) {
    count += node.kind() != c10::prim::Constant && node.kind() != c10::prim::GetAttr;
  };
  walk(*inlined(*function.graph())->block(), add, true);
  return count;
}

// The name that the author gave to the function: "relu" for "__torch__.torch.nn.functional.relu".
std::string function_name(const jit::Node& call) {
  const jit::GraphFunction* function = callee(call);
  return function != nullptr ? function->qualname().name() : call.input(0)->type()->annotation_str();
}

std::vector<ModuleStep> recorded_module(const jit::Node& node) {
  std::vector<ModuleStep> steps;
  if (!node.callstack()) {
    return steps;
  }
  for (const auto& [function, range, instance] : (*node.callstack())->vec()) {
    const std::string name = instance ? instance->instance_name() : "";
    if (!name.empty() && name != "SELF" && name != "INSTANCE_NAME_UNKNOWN") {
      const auto type = instance->class_type();
      steps.push_back({name, type && type->name() ? type->name()->name() : "", type && is_leaf(*type)});
    }
  }
  return steps;
}

} // namespace

Drawing build_drawing(const jit::Graph& graph, const BuildSettings& settings) {
  return build_with_nodes(graph, settings).drawing;
}

BuiltDrawing build_with_nodes(const jit::Graph& graph, const BuildSettings& settings) {
  // Canonicalize makes a renumbered copy and does not change the graph. shared_from_this is not const.
  GraphPtr named = jit::Canonicalize(const_cast<jit::Graph&>(graph).shared_from_this(), /*keep_unique_names=*/true);
  return Builder(settings).build(std::move(named));
}

std::string name_of(const jit::Value& value) {
  return "%" + shortened(value.debugName(), 60);
}

std::vector<Operand> operands_of(const jit::Node& node, size_t first) {
  const c10::FunctionSchema* schema = node.maybeSchema();
  const jit::GraphFunction* function = callee(node);
  if (function != nullptr) {
    schema = &function->getSchema();
  }
  // The first input of a function call is the function itself, which is not in its schema.
  const size_t skipped = node.kind() == c10::prim::CallFunction ? 1 : 0;
  std::vector<Operand> operands;
  for (size_t i = first; i < node.inputs().size(); ++i) {
    const bool named = schema != nullptr && i >= skipped && i - skipped < schema->arguments().size();
    Operand operand{node.input(i), i, "", false};
    if (named) {
      const c10::Argument& argument = schema->arguments()[i - skipped];
      operand.parameter = argument.name();
      operand.none_by_default = argument.default_value() && argument.default_value()->isNone();
    }
    operands.push_back(std::move(operand));
  }
  return operands;
}

Builder::Builder(const BuildSettings& settings)
    : settings_(settings), branches_([&settings](const std::string& path) {
        return settings.module != nullptr ? training_flag(*settings.module, path) : std::nullopt;
      }) {}

std::vector<ModuleStep> Builder::module_of(const jit::Node& node) const {
  const auto known = modules_.find(&node);
  return known == modules_.end() || known->second.empty() ? recorded_module(node) : known->second;
}

void Builder::number_nodes(const jit::Graph& graph) {
  jit::Block& whole = *const_cast<jit::Graph&>(graph).block();
  walk(
      whole, [&](const jit::Node& node) { places_.emplace(&node, places_.size()); }, /*subgraphs=*/true);
  size_t place = 0;
  walk(whole, [&](const jit::Node& node) {
    if (settings_.modules != nullptr && place < settings_.modules->size()) {
      modules_.emplace(&node, (*settings_.modules)[place]);
    }
    ++place;
  });
}

BuiltDrawing Builder::build(GraphPtr named) {
  const jit::Graph& graph = *named;
  number_nodes(graph);
  drawing_.title = settings_.title;
  find_state(graph);
  inputs(graph);
  block(*graph.block(), -1);
  outputs(graph);
  state_edges();
  nodes_.resize(drawing_.boxes.size());
  return {std::move(drawing_), std::move(named), std::move(nodes_)};
}

void Builder::inputs(const jit::Graph& graph) {
  for (const jit::Value* value : graph.inputs()) {
    const auto class_type = value->type()->cast<c10::ClassType>();
    if (class_type && class_type->is_module()) {
      const auto object = settings_.module != nullptr && value == graph.inputs()[0]
                              ? std::optional<c10::IValue>(settings_.module->_ivalue())
                              : std::nullopt;
      sources_[value] = AttributeAt{{}, object, value->type(), nullptr};
      continue;
    }
    Box input;
    input.kind = BoxKind::input;
    input.title = shortened(value->hasDebugName() ? value->debugNameBase() : name_of(*value), 60);
    input.lines = {type_text(*value->type())};
    input.tooltip = fmt::format("input {}: {}", name_of(*value), type_text(*value->type()));
    drawing_.boxes.push_back(input);
    define(drawing_.boxes.size() - 1, {value});
  }
}

void Builder::outputs(const jit::Graph& graph) {
  const size_t count = graph.outputs().size();
  for (size_t i = 0; i < count; ++i) {
    const jit::Value* value = graph.outputs()[i];
    Box output;
    output.kind = BoxKind::output;
    output.title = count == 1 ? "output" : fmt::format("output {}", i);
    output.lines = {type_text(*value->type())};
    output.tooltip = fmt::format("output {}: {}", name_of(*value), type_text(*value->type()));
    drawing_.boxes.push_back(output);
    operands(drawing_.boxes.size() - 1, {{value, i, ""}});
  }
}

void Builder::block(const jit::Block& block, int cluster) {
  for (const jit::Node* inner : block.nodes()) {
    node(*inner, cluster);
  }
}

void Builder::node(const jit::Node& node, int cluster) {
  if (constant(node) || literal(node) || attribute(node) || scalar(node) || guard(node)) {
    return; // drawn where it is used
  }
  const auto graphs = subgraphs_of(node);
  if (node.kind() == c10::prim::If && node.blocks().size() == 2) {
    branch(node, cluster);
  } else if (node.kind() == c10::prim::Loop && node.blocks().size() == 1 && node.inputs().size() >= 2) {
    loop(node, cluster);
  } else if (graphs.size() == 1) {
    subgraph(node, *graphs.front(), cluster);
  } else if (!node.blocks().empty()) {
    other_blocks(node, cluster);
  } else if (node.kind() == c10::prim::CallMethod || node.kind() == c10::prim::CallFunction) {
    call(node, cluster);
  } else {
    operation(node, cluster);
  }
}

bool Builder::constant(const jit::Node& node) {
  if (node.kind() != c10::prim::Constant || node.outputs().size() != 1) {
    return false;
  }
  const jit::Value* value = node.output();
  ConstantSource source{type_text(*value->type()), name_of(*value), false, 0};
  if (value->type()->cast<c10::FunctionType>() && node.hasAttribute(c10::attr::name)) {
    source.text = shortened(node.s(c10::attr::name), 48);
  } else if (const auto content = jit::toIValue(value)) {
    source.text = constant_text(*content);
    source.tensor = content->isTensor();
    source.elements =
        content->isTensor() && content->toTensor().defined() ? static_cast<uint64_t>(content->toTensor().numel()) : 0;
  }
  sources_[value] = std::move(source);
  return true;
}

// A list or tuple that contains only constants, such as the stride [1, 1], is treated as a constant, unless something
// modifies it.
bool Builder::literal(const jit::Node& node) {
  const bool list = node.kind() == c10::prim::ListConstruct;
  if ((!list && node.kind() != c10::prim::TupleConstruct) || is_written(*node.output())) {
    return false;
  }
  std::vector<std::string> texts;
  for (const jit::Value* input : node.inputs()) {
    const auto* item = std::get_if<ConstantSource>(&source(input));
    if (item == nullptr || item->tensor) {
      return false;
    }
    texts.push_back(item->text);
  }
  const auto text = fmt::format(fmt::runtime(list ? "[{}]" : "({})"), fmt::join(texts, ", "));
  sources_[node.output()] = ConstantSource{shortened(text, 48), name_of(*node.output()), false, 0};
  return true;
}

bool Builder::attribute(const jit::Node& node) {
  if (node.kind() != c10::prim::GetAttr) {
    return false;
  }
  const auto* owner = std::get_if<AttributeAt>(&source(node.input()));
  if (owner == nullptr) {
    return false; // it belongs to an object that the graph computes
  }
  AttributeAt member = owner->member(node.s(c10::attr::name), node.output()->type());
  member.read = node.output();
  sources_[node.output()] = std::move(member);
  return true;
}

size_t Builder::box(const jit::Node& node, BoxKind kind, const std::string& title, int cluster) {
  Box box;
  box.kind = kind;
  box.title = shortened(title, 60);
  box.tooltip = tooltip_text(node);
  box.module = module_of(node);
  box.cluster = cluster;
  box.operators = 1;
  if (boxes_.emplace(&node, drawing_.boxes.size()).second) {
    box.nodes = {places_.at(&node)};
  }
  drawing_.boxes.push_back(std::move(box));
  nodes_.resize(drawing_.boxes.size());
  nodes_.back() = &node;
  return drawing_.boxes.size() - 1;
}

void Builder::define(size_t box, at::ArrayRef<const jit::Value*> values) {
  for (const jit::Value* value : values) {
    drawing_.boxes[box].values.push_back(name_of(*value));
    sources_[value] = BoxSource{box};
  }
}

void Builder::call(const jit::Node& node, int cluster) {
  const bool method = node.kind() == c10::prim::CallMethod;
  const auto* module = method ? std::get_if<AttributeAt>(&source(node.input(0))) : nullptr;
  const std::string name = method ? node.s(c10::attr::name) : function_name(node);
  std::string title = name;
  if (module != nullptr) {
    title = module->path.empty() ? "self." + name : module->path_text();
  }
  const size_t index = box(node, BoxKind::call, title, cluster);
  Box& drawn = drawing_.boxes[index];
  if (module != nullptr && !module->path.empty()) {
    drawn.module = path_to(*node.input(0));
    drawn.lines.push_back(type_text(*module->type) + (name == "forward" ? "" : "." + name + "()"));
    drawn.elements = parameters_of(*module);
  } else if (!method) {
    drawn.family = "function";
  }
  if (const jit::GraphFunction* function = callee(node)) {
    drawn.operators = std::max<size_t>(operators_of(*function), 1);
  }
  operands(index, operands_of(node, module != nullptr || !method ? 1 : 0));
  define(index, node.outputs());
}

void Builder::operation(const jit::Node& node, int cluster) {
  const bool sets = node.kind() == c10::prim::SetAttr;
  const auto* object = sets ? std::get_if<AttributeAt>(&source(node.input(0))) : nullptr;
  std::string title = node.kind().toUnqualString();
  auto attributes = attribute_texts(node);
  if (object != nullptr) {
    const std::string owner = object->path_text();
    title = fmt::format("set {}.{}", owner.empty() ? "self" : owner, node.s(c10::attr::name));
    attributes.clear();
  }
  const size_t index = box(node, kind_of(node), title, cluster);
  Box& drawn = drawing_.boxes[index];
  drawn.family = node.kind().is_aten() || object != nullptr ? "" : node.kind().ns().toUnqualString();
  drawn.writes = writes_in_place(node);
  drawn.lines = wrapped(attributes, 44);
  operands(index, operands_of(node, object != nullptr ? 1 : 0));
  define(index, node.outputs());
}

} // namespace tsir
