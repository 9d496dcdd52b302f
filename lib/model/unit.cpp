#include "lib/model/unit.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"

namespace tsir {

std::vector<std::string> method_names(const jit::Module& module) {
  std::vector<std::string> names;
  for (const jit::Method& method : module.get_methods()) {
    if (method.function().isGraphFunction()) {
      names.push_back(method.name());
    }
  }
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == "forward"; });
  return names;
}

MethodPlace place_of_method(const jit::Module& root, const std::string& path) {
  jit::Module module = root;
  size_t start = 0;
  for (size_t dot = path.find('.'); dot != std::string::npos; start = dot + 1, dot = path.find('.', start)) {
    const auto slot = module.type()->findAttributeSlot(path.substr(start, dot - start));
    const c10::IValue value = slot ? module._ivalue()->slots().at(*slot) : c10::IValue();
    if (!value.isObject() || !value.toObjectRef().type()->is_module()) {
      throw Error(ErrorKind::usage, fmt::format("there is no submodule '{}'; {} methods lists all methods",
                                                path.substr(0, dot), spelled(Setting::show)));
    }
    module = jit::Module(value.toObject());
  }
  return {module, path.substr(start)};
}

std::string choose_method(const jit::Module& module, const std::string& wanted) {
  const auto names = method_names(module);
  if (!wanted.empty()) {
    return wanted;
  }
  if (names.empty() || (names.front() != "forward" && names.size() > 1)) {
    throw Error(ErrorKind::usage, names.empty()
                                      ? std::string("the module has no methods")
                                      : fmt::format("the module has no method 'forward'; choose one with {} from: {}",
                                                    spelled(Setting::method), fmt::join(names, ", ")));
  }
  return names.front();
}

namespace {

GraphPtr method_graph(const jit::Module& module, const std::string& name) {
  const auto method = module.find_method(name);
  if (!method || !method->function().isGraphFunction()) {
    const auto names = method_names(module);
    throw Error(ErrorKind::usage, names.empty()
                                      ? fmt::format("the module has no methods, so there is no '{}'", name)
                                      : fmt::format("the module has no method '{}'; choose one with {} from: {}", name,
                                                    spelled(Setting::method), fmt::join(names, ", ")));
  }
  return jit::toGraphFunction(method->function()).graph();
}

// Removes nodes and outputs, but not inputs.
void clear(jit::Graph& graph) {
  while (!graph.outputs().empty()) {
    graph.eraseOutput(graph.outputs().size() - 1);
  }
  auto backwards = graph.nodes().reverse(); // users before the values that they use
  for (auto node = backwards.begin(); node != backwards.end(); ++node) {
    node.destroyCurrent();
  }
}

} // namespace

Unit Unit::of_module(jit::Module module, const std::string& method) {
  Unit unit;
  unit.graph_ = method_graph(module, method);
  unit.module_ = std::move(module);
  unit.name_ = method;
  return unit;
}

Unit Unit::of_graph(GraphPtr graph, std::string name) {
  Unit unit;
  unit.graph_ = std::move(graph);
  unit.name_ = std::move(name);
  return unit;
}

jit::Module& Unit::module() {
  return module_.value();
}
const jit::Module& Unit::module() const {
  return module_.value();
}

void Unit::set_module(jit::Module module) {
  graph_ = method_graph(module, name_);
  module_ = std::move(module);
}

void Unit::replace_graph(const jit::Graph& graph) {
  TORCH_CHECK(&graph != graph_.get(), "a graph cannot replace itself");
  TORCH_CHECK(graph.inputs().size() == graph_->inputs().size(), "the new graph has a different number of inputs");
  clear(*graph_);
  std::unordered_map<const jit::Value*, jit::Value*> mine;
  for (size_t i = 0; i < graph.inputs().size(); ++i) {
    graph_->inputs()[i]->setType(graph.inputs()[i]->type());
    mine[graph.inputs()[i]] = graph_->inputs()[i];
  }
  for (const jit::Node* node : graph.nodes()) {
    // createClone is not const, although it only reads.
    jit::Node* clone =
        graph_->createClone(const_cast<jit::Node*>(node), [&](jit::Value* value) { return mine.at(value); });
    graph_->appendNode(clone);
    for (size_t i = 0; i < node->outputs().size(); ++i) {
      mine[node->outputs()[i]] = clone->outputs()[i];
    }
  }
  for (const jit::Value* output : graph.outputs()) {
    graph_->registerOutput(mine.at(output));
  }
}

jit::Stack Unit::stack(const std::vector<c10::IValue>& inputs) const {
  jit::Stack stack;
  stack.reserve(inputs.size() + 1);
  if (module_) {
    stack.emplace_back(module_->_ivalue());
  }
  stack.insert(stack.end(), inputs.begin(), inputs.end());
  return stack;
}

c10::FunctionSchema Unit::schema() const {
  if (module_) {
    const c10::FunctionSchema& full = module_->get_method(name_).function().getSchema();
    std::vector<c10::Argument> arguments(full.arguments().begin() + 1, full.arguments().end());
    return full.cloneWithArguments(std::move(arguments));
  }
  std::vector<c10::Argument> arguments;
  for (const jit::Value* input : graph_->inputs()) {
    arguments.emplace_back(input->hasDebugName() ? input->debugNameBase() : fmt::format("input{}", arguments.size()),
                           input->type());
  }
  std::vector<c10::Argument> returns;
  for (const jit::Value* output : graph_->outputs()) {
    returns.emplace_back("", output->type());
  }
  return {name_, "", std::move(arguments), std::move(returns)};
}

} // namespace tsir
