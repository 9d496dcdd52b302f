#include "lib/analysis/analysis_input.h"

#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/process/phase.h"
#include "lib/run/compare.h"
#include "lib/run/failure.h"
#include "lib/run/probe.h"
#include "lib/run/profile_nodes.h"
#include "lib/run/switches.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/jit/passes/canonicalize.h>

namespace tsir {
namespace {

// The nested blocks of `block` in the order of walk(), which is the same for a graph and its copy.
std::vector<jit::Block*> nested_blocks(jit::Block& block) {
  std::vector<jit::Block*> all;
  walk(block, [&](const jit::Node& node) {
    for (const jit::Block* inner : node.blocks()) {
      all.push_back(const_cast<jit::Block*>(inner)); // walk() has a const interface, but the graph may be changed
    }
  });
  return all;
}

// The observations of one run, indexed by the positions of blocks in nested_blocks() and of values in tensors().
struct Seen {
  std::vector<uint64_t> runs;
  std::vector<c10::TensorTypePtr> types;
};

std::vector<jit::Value*> tensors(jit::Block& block) {
  std::vector<jit::Value*> all;
  const auto add = [&](const auto& values) {
    for (const jit::Value* value : values) {
      if (value->type()->kind() == c10::TypeKind::TensorType) {
        all.push_back(const_cast<jit::Value*>(value));
      }
    }
  };
  add(block.inputs());
  walk(block, [&](const jit::Node& node) {
    add(node.outputs());
    for (const jit::Block* inner : node.blocks()) {
      add(inner->inputs());
    }
  });
  return all;
}

// LibTorch's profiling nodes call back when the interpreter reaches them, with their input (if any) and the number of
// the stack frame. One is inserted at the start of each block, and one after each tensor. LibTorch's own profiling pass
// would lose the types of values that are also used in a branch that is not taken, and of unused values.
void add_probes(jit::Graph& graph, Seen& seen) {
  const std::vector<jit::Block*> blocks = nested_blocks(*graph.block());
  const std::vector<jit::Value*> values = tensors(*graph.block());
  seen.runs.resize(blocks.size());
  seen.types.resize(values.size());
  for (size_t i = 0; i < blocks.size(); ++i) {
    blocks[i]->prependNode(new jit::ProfileIValueOp(&graph, [&seen, i](std::vector<c10::IValue>& stack) {
      stack.pop_back();
      ++seen.runs[i];
    })); // the graph owns its nodes
  }
  for (size_t i = 0; i < values.size(); ++i) {
    add_probe(values[i], [&seen, i](const c10::IValue& value) {
      if (value.isTensor() && value.toTensor().defined()) {
        const auto type = c10::TensorType::create(value.toTensor());
        seen.types[i] = seen.types[i] ? seen.types[i]->merge(*type) : type;
      }
    });
  }
}

void observe(AnalysisInput& subject, const Unit& unit, jit::Stack stack, bool grad) {
  const Phase phase(fmt::format("running {}", unit.name()));
  const GraphPtr probed = subject.graph->copy();
  Seen seen;
  add_probes(*probed, seen);
  drop_bare_profiles(*probed);
  const std::vector<SwitchScope> switches = switches_for(*probed);
  try {
    const jit::Code code(probed, unit.name());
    const c10::AutoGradMode grad_mode(grad);
    const jit::GraphOptimizerEnabledGuard as_it_stands(false);
    jit::InterpreterState(code).run(stack);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check, run_failure("running " + unit.name(), error, grad));
  }
  const std::vector<jit::Block*> blocks = nested_blocks(*subject.graph->block());
  for (size_t i = 0; i < blocks.size(); ++i) {
    subject.runs[blocks[i]] = seen.runs[i];
  }
  const std::vector<jit::Value*> values = tensors(*subject.graph->block());
  for (size_t i = 0; i < values.size(); ++i) {
    values[i]->setType(seen.types[i] ? seen.types[i] : c10::TensorType::get());
  }
}

// Copies the arguments, so that in-place operators do not modify the caller's. The module is not copied if the graph
// does not use it, as after freezing.
jit::Stack copied_stack(const Unit& unit, const jit::Graph& graph, const std::vector<c10::IValue>& inputs) {
  jit::Stack stack = unit.stack(inputs);
  if (stack.size() != graph.inputs().size()) {
    throw Error(ErrorKind::usage, fmt::format("{} takes {} inputs, not {}", unit.name(),
                                              unit.schema().arguments().size(), inputs.size()));
  }
  for (size_t i = unit.has_module() && graph.inputs()[0]->uses().empty() ? 1 : 0; i < stack.size(); ++i) {
    stack[i] = deep_copy(stack[i]);
  }
  return stack;
}

} // namespace

uint64_t AnalysisInput::runs_of(const jit::Block& block) const {
  const auto found = runs.find(&block);
  return found == runs.end() ? 1 : found->second;
}

std::optional<c10::IValue> AnalysisInput::known(const jit::Value& value) const {
  if (value.node()->kind() == c10::prim::Constant) {
    return jit::toIValue(&value);
  }
  if (!self.isNone() && &value == graph->inputs().at(0)) {
    return self;
  }
  if (value.node()->kind() != c10::prim::GetAttr) {
    return std::nullopt;
  }
  const auto owner = known(*value.node()->input());
  const std::string& name = value.node()->s(c10::attr::name);
  if (!owner || !owner->isObject() || !owner->toObjectRef().type()->hasAttribute(name)) {
    return std::nullopt;
  }
  return owner->toObjectRef().getAttr(name);
}

AnalysisInput analysis_input_of(const Unit& unit, const std::vector<c10::IValue>* inputs, bool grad) {
  AnalysisInput subject;
  subject.called = has_calls(*unit.graph());
  if (unit.has_module()) {
    subject.self = unit.module()._ivalue();
  }
  subject.graph = jit::Canonicalize(inlined(*unit.graph()), /*keep_unique_names=*/true);
  if (inputs != nullptr) {
    observe(subject, unit, copied_stack(unit, *subject.graph, *inputs), grad);
    subject.ran = true;
  }
  return subject;
}

} // namespace tsir
