#include "lib/run/runnable.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/ir/walk.h"
#include "lib/process/phase.h"
#include "lib/run/failure.h"
#include "lib/run/profile_nodes.h"
#include "lib/run/switches.h"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

namespace tsir {
namespace {

// Interpreters that prim::fork starts, and those that resume after a wait, run on other threads. There LibTorch's
// switch that optimises called functions is on again, because it is thread-local and at::launch transfers only ATen's
// own state.
void launch_unoptimized(std::function<void()> task) {
  at::launch([task = std::move(task)] {
    const jit::GraphOptimizerEnabledGuard as_it_stands(false);
    task();
  });
}

// Makes the executor as a method does: GraphFunction inlines, applies autocast and pools constants before the executor
// gets the graph. GraphFunction rejects graphs with several outputs, which text may have, so the executor is made here.
jit::GraphExecutor make_executor(const GraphPtr& graph, const std::string& name, Executor executor) {
  const jit::GraphOptimizerEnabledGuard optimizing(true);
  const auto mode =
      executor == Executor::profiling ? jit::ExecutorExecutionMode::PROFILING : jit::ExecutorExecutionMode::SIMPLE;
  const jit::GraphFunction function(c10::QualifiedName("tsir"), graph, nullptr);
  return {function.optimized_graph(), name, mode};
}

// LibTorch's own message does not name the operator.
std::string unknown_operator(const jit::Graph& graph) {
  std::string found;
  walk(*graph.block(), [&](const jit::Node& node) {
    if (found.empty() && !node.kind().is_prim() && node.maybeSchema() == nullptr) {
      std::vector<std::string> types;
      for (const jit::Value* input : node.inputs()) {
        types.push_back(input->type()->annotation_str());
      }
      found = fmt::format("LibTorch has no operator {}({})", node.kind().toQualString(), fmt::join(types, ", "));
    }
  });
  return found;
}

// LibTorch's own message only names a missing attribute.
bool has_groups_without_gradient(const jit::Graph& graph) {
  bool found = false;
  walk(*graph.block(), [&](const jit::Node& node) {
    found = found || (node.kind() == jit::prim::DifferentiableGraph && !node.hasAttribute(c10::attr::ReverseSubgraph));
  });
  return found;
}

std::string why_not_ready(const jit::Graph& graph, const std::exception& error) {
  if (std::string unknown = unknown_operator(graph); !unknown.empty()) {
    return unknown;
  }
  return has_groups_without_gradient(graph)
             ? "its prim::DifferentiableGraph groups have no gradient yet: run differentiate after "
               "create-autodiff-subgraphs, or inline-autodiff-subgraphs"
             : one_line(error);
}

// Fusers make groups for the types that they saw; LibTorch's profiling executor removes these types and fuses again.
std::string group_hint(const jit::Graph& graph, Executor executor) {
  bool groups = false;
  walk(*graph.block(), [&](const jit::Node& node) {
    groups = groups || node.kind() == jit::prim::oneDNNFusionGroup || node.kind() == jit::prim::TensorExprGroup ||
             node.kind() == jit::prim::FusionGroup;
  });
  return groups && executor == Executor::profiling
             ? fmt::format(
                   "; the graph holds fusion groups, which LibTorch's executor may not be able to run: use {} as-is",
                   spelled(Setting::executor))
             : "";
}

} // namespace

std::string_view to_string(Executor executor) {
  switch (executor) {
  case Executor::as_is:
    return "as-is";
  case Executor::profiling:
    return "profiling";
  case Executor::simple:
    return "simple";
  }
  return "?";
}

Executor parse_executor(const std::string& name) {
  for (const Executor executor : {Executor::as_is, Executor::profiling, Executor::simple}) {
    if (name == to_string(executor)) {
      return executor;
    }
  }
  throw Error(ErrorKind::usage, fmt::format("no executor \"{}\": use as-is, profiling or simple", name));
}

struct RunScope::Switches {
  c10::AutoGradMode grad_mode;
  jit::GraphOptimizerEnabledGuard optimizer;
};

thread_local const RunScope* RunScope::current_ = nullptr;

RunScope::RunScope(bool optimizing, bool grad) : optimizing_(optimizing), grad_(grad), outer_(current_) {
  if (outer_ == nullptr || outer_->optimizing_ != optimizing || outer_->grad_ != grad) {
    switches_.reset(new Switches{c10::AutoGradMode(grad), jit::GraphOptimizerEnabledGuard(optimizing)});
  }
  current_ = this;
}

RunScope::~RunScope() {
  current_ = outer_;
}

struct Runnable::State {
  std::string name;
  std::vector<SwitchScope> switches; // outlive the members below: executors generate code while they run
  c10::IValue self;                  // None for a bare graph
  GraphPtr graph;
  Executor executor = {};
  bool grad = false;
  jit::Code code;                   // as_is
  mutable jit::GraphExecutor plans; // the others
};

Runnable::Runnable(const Unit& unit, Executor executor, bool grad) : state_(std::make_unique<State>()) {
  state_->name = unit.name();
  state_->graph = unit.graph()->copy();
  drop_bare_profiles(*state_->graph);
  state_->switches = switches_for(*state_->graph);
  state_->executor = executor;
  state_->grad = grad;
  if (unit.has_module()) {
    state_->self = unit.module()._ivalue();
  }
  try {
    if (executor == Executor::as_is) {
      const jit::GraphOptimizerEnabledGuard as_it_stands(false);
      state_->code = jit::Code(state_->graph, state_->name);
    } else {
      state_->plans = make_executor(state_->graph->copy(), state_->name, executor);
    }
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check,
                fmt::format("{} cannot be made ready to run: {}", state_->name, why_not_ready(*state_->graph, error)));
  }
}

Runnable::Runnable(Runnable&&) noexcept = default;
Runnable::~Runnable() = default;

Executor Runnable::executor() const {
  return state_->executor;
}

jit::Stack Runnable::full_stack(const std::vector<c10::IValue>& inputs) const {
  jit::Stack stack;
  stack.reserve(inputs.size() + 1);
  if (!state_->self.isNone()) {
    stack.push_back(state_->self);
  }
  stack.insert(stack.end(), inputs.begin(), inputs.end());
  return stack;
}

void Runnable::run_raw(jit::Stack& stack) const {
  const RunScope scope(state_->executor != Executor::as_is, state_->grad);
  if (state_->executor == Executor::as_is) {
    jit::InterpreterState(state_->code, launch_unoptimized).run(stack);
  } else {
    state_->plans.run(stack);
  }
}

std::unique_ptr<RunScope> Runnable::scope() const {
  return std::make_unique<RunScope>(state_->executor != Executor::as_is, state_->grad);
}

jit::Stack Runnable::run(const std::vector<c10::IValue>& inputs) const {
  const Phase phase(fmt::format("running {}", state_->name));
  jit::Stack stack = full_stack(inputs);
  if (stack.size() != state_->graph->inputs().size()) {
    // The interpreter would read past the stack's end.
    throw Error(ErrorKind::usage,
                fmt::format("{} takes {} inputs, not {}", state_->name,
                            state_->graph->inputs().size() - (stack.size() - inputs.size()), inputs.size()));
  }
  try {
    run_raw(stack);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::check,
                run_failure(state_->name, error, state_->grad) + group_hint(*state_->graph, state_->executor));
  }
  return stack;
}

std::optional<jit::ExecutionPlan> Runnable::plan() const {
  const bool may_have_plan =
      state_->executor == Executor::simple || (state_->executor == Executor::profiling && state_->plans.isOptimized());
  if (may_have_plan) {
    try {
      return state_->plans.getDebugState().execution_plans.begin()->second;
    } catch (const c10::Error&) { // the simple executor has not run yet; it offers no other way to ask
    }
  }
  return std::nullopt;
}

GraphPtr Runnable::executed_graph() const {
  const auto executed = plan();
  return executed ? executed->graph->copy() : state_->graph->copy();
}

jit::Code Runnable::executed_code() const {
  if (const auto executed = plan()) {
    return executed->code;
  }
  const jit::GraphOptimizerEnabledGuard as_it_stands(false);
  return state_->executor == Executor::as_is ? state_->code : jit::Code(state_->graph, state_->name);
}

} // namespace tsir
