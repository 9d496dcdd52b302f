// The passes that LibTorch's compiler and executor run by themselves.
#include "passes/all.h"
#include "passes/graph_pass.h"

#include "lib/base/error.h"
#include "lib/compat/versions.h"
#include "lib/ir/walk.h"
#include "lib/pass/needs.h"
#include "lib/pass/refused.h"
#include "lib/process/phase.h"
#include "lib/run/failure.h"
#include "passes/profiling.h"
#include "passes/writes.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/jit/frontend/ir_emitter.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/argument_spec.h>
#include <torch/csrc/jit/runtime/jit_trace.h>
#include <torch/csrc/jit/runtime/profiling_graph_executor_impl.h>

namespace tsir {
namespace {

constexpr auto branch_example = R"(graph(%x : Tensor, %negate : bool):
  %1 : Tensor = prim::If(%negate)
    block0():
      %2 : Tensor = aten::neg(%x)
      -> (%2)
    block1():
      %3 : Tensor = aten::relu(%x)
      -> (%3)
  return (%1)
)";

const std::vector<c10::IValue>& inputs_of(const PassContext& context) {
  if (context.inputs == nullptr) {
    throw Refused(fmt::format("it runs the graph: {}", to_advice(Need::inputs)));
  }
  return *context.inputs;
}

PassRow run_required_passes() {
  PassRow row;
  row.name = "run-required-passes";
  row.function = "torch::jit::runRequiredPasses";
  row.header = "torch/csrc/jit/runtime/graph_executor.h";
  row.changes_numerics = false;
  row.looks_for =
      "implicit aten::expand, aten::chunk with a constant number of parts, constants in arithmetic, dead code";
  row.summary = "Runs the passes that LibTorch runs on every graph before it interprets it";
  row.description = "Runs remove-expands, canonicalize-ops and eliminate-dead-code, in this order.";
  row.example = R"(graph(%x : Tensor):
  %parts : int = prim::Constant[value=2]()
  %dim : int = prim::Constant[value=0]()
  %chunks : Tensor[] = aten::chunk(%x, %parts, %dim)
  %a : Tensor, %b : Tensor = prim::ListUnpack(%chunks)
  %sum : Tensor = aten::mul(%a, %b)
  return (%sum)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::runRequiredPasses(graph); });
  return row;
}

PassRow run_noopt_pass_pipeline() {
  PassRow row = run_required_passes();
  row.name = "run-noopt-pass-pipeline";
  row.function = "torch::jit::runNooptPassPipeline";
  row.header = "torch/csrc/jit/runtime/profiling_graph_executor_impl.h";
  row.looks_for = "prim::GradOf, implicit aten::expand, aten::chunk with a constant number of parts, dead code";
  row.summary = "Runs the passes that LibTorch's executor runs if optimisation is switched off";
  row.description = "Runs lower-grad-of, remove-expands, canonicalize-ops and eliminate-dead-code, in this order.";
  row.run = on_graph([](GraphPtr& graph) { jit::runNooptPassPipeline(graph); });
  return row;
}

PassRow run_cleanup_passes() {
  PassRow row;
  row.name = "run-cleanup-passes";
  row.function = "torch::jit::runCleanupPasses";
  row.header = "torch/csrc/jit/frontend/ir_emitter.h";
  row.runs_operators = true;
  row.idempotent = false; // constant-pooling changes the order of constants
  row.looks_for =
      "closures, tuples that are unpacked where they are made, constant numbers in arithmetic, equal constants";
  row.summary = "Runs the passes that LibTorch's compiler runs on every graph that it makes from source";
  row.description = "Runs lift-closures, inline-forked-closures, lower-simple-tuples, "
                    "constant-propagation-immutable-types, constant-pooling, canonicalize-outputs and annotate-warns, "
                    "in this order. A loaded graph has been through these passes already; a graph from text has not.";
  row.example = R"(graph(%x : Tensor):
  %two : int = prim::Constant[value=2]()
  %three : int = prim::Constant[value=3]()
  %six : int = aten::mul(%two, %three)
  %pair : (Tensor, int) = prim::TupleConstruct(%x, %six)
  %first : Tensor, %second : int = prim::TupleUnpack(%pair)
  %y : Tensor = aten::mul(%first, %second)
  return (%y)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::runCleanupPasses(graph); });
  return row;
}

// A copy without prim::profile nodes. LibTorch crashes if it runs such nodes that come from text.
GraphPtr without_profiles(const Unit& unit) {
  GraphPtr graph = unit.graph()->copy();
  jit::ProfilingRecord::removeProfilingNodes(graph->block());
  return graph;
}

jit::GraphExecutor executor_of(const Unit& unit) {
  return {without_profiles(unit), unit.name(), jit::ExecutorExecutionMode::PROFILING};
}

// Inlines the functions that the executor made for its plan, because they are destroyed with it. Then eliminates dead
// code, because the constants that name the functions would be left.
void inline_fallback_functions(GraphPtr& graph) {
  jit::Inline(*graph);
  jit::EliminateDeadCode(graph);
  walk(
      *graph->block(),
      [](const jit::Node& node) {
        for (GraphPtr subgraph : subgraphs_of(node)) {
          jit::Inline(*subgraph);
          jit::EliminateDeadCode(subgraph);
        }
      },
      /*subgraphs=*/true);
}

GraphPtr without_fallbacks(jit::Graph& plan) {
  GraphPtr graph = plan.copy();
  inline_fallback_functions(graph);
  return graph;
}

// `autograd`: is on; `grad`: and the inputs require gradients.
GraphPtr profiled_plan(const Unit& unit, const std::vector<c10::IValue>& inputs, bool grad, bool autograd) {
  const Phase phase(fmt::format("running {} under LibTorch's executor", unit.name()));
  const jit::GraphOptimizerEnabledGuard optimizing(true);
  const c10::AutoGradMode grad_mode(autograd || grad);
  jit::GraphExecutor executor = executor_of(unit);
  try {
    for (size_t runs = jit::getNumProfiledRuns() + 1; runs > 0 && !executor.isOptimized(); --runs) {
      jit::Stack stack = copied_stack(unit, inputs, grad);
      executor.run(stack);
    }
    jit::Stack stack = copied_stack(unit, inputs, grad);
    return without_fallbacks(*executor.getPlanFor(stack).graph);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::pass, run_failure(unit.name() + " under LibTorch's executor", error, autograd || grad));
  }
}

PassRow get_plan_for() {
  PassRow row;
  row.name = "get-plan-for";
  row.function = "torch::jit::GraphExecutor::getPlanFor";
  row.header = "torch/csrc/jit/runtime/graph_executor.h";
  row.kind = PassKind::profiled;
  row.options = {{"grad", false, "run with gradients, and let floating-point tensor inputs require them", {}}};
  row.needs = {Need::inputs};
  row.changes_numerics = true;
  row.runs_operators = true;
  row.savable = false;
  row.idempotent = false; // each time, the executor unrolls loops by eight and differentiates what is left
  row.order = "on its own: it does to a graph what module.forward() does";
  row.looks_for = "anything that LibTorch's executor optimises";
  row.summary = "Replaces the graph by the one that LibTorch's own executor runs after profiling and optimising";
  row.description =
      "Runs the graph under LibTorch's profiling executor until it has a plan for the example inputs, and takes the "
      "graph of that plan. That graph is inlined, folded and unrolled. It has differentiable groups if grad=true and "
      "tensors require gradients, and fusion groups if LibTorch fuses on its own (on a CPU only if it was built with "
      "LLVM). Calls of fallback functions, which exist only inside that executor, are inlined.";
  row.example = R"(graph(%x : Tensor):
  %one : float = prim::Constant[value=1.]()
  %two : float = prim::Constant[value=2.]()
  %three : float = aten::add(%one, %two)
  %y : Tensor = aten::mul(%x, %three)
  return (%y)
)";
  row.example_inputs = {"float32[2,3]"};
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    unit.replace_graph(*profiled_plan(unit, inputs_of(context), context.options.flag("grad"), context.grad));
    return "";
  };
  return row;
}

PassRow get_input_independent_plan() {
  PassRow row = get_plan_for();
  row.name = "get-input-independent-plan";
  row.function = "torch::jit::GraphExecutor::getInputIndependentPlan";
  row.kind = PassKind::graph;
  row.options = {};
  row.needs = {};
  row.savable = true;
  row.example_inputs = {};
  row.idempotent = false;
  row.summary = "Replaces the graph by the one that LibTorch's own executor makes without looking at inputs";
  row.description = "Takes the graph that LibTorch's executor runs if it is told not to profile: calls are inlined, "
                    "constants are propagated and pooled, common subexpressions and dead code are removed, peepholes "
                    "are applied and tuples are lowered. Nothing in the graph depends on shapes or dtypes.";
  row.run = [](Unit& unit, const PassContext&) -> std::string {
    const jit::GraphOptimizerEnabledGuard optimizing(true);
    jit::GraphExecutor executor = executor_of(unit);
    unit.replace_graph(*without_fallbacks(*input_independent_plan(executor).graph));
    return "";
  };
  return row;
}

PassRow trace_graph() {
  PassRow row;
  row.name = "trace-graph";
  row.function = "torch::jit::TraceGraph";
  row.header = "torch/csrc/jit/runtime/jit_trace.h";
  row.kind = PassKind::profiled;
  row.needs = {Need::inputs};
  row.runs_operators = true;
  row.idempotent = false; // conditions that were read only by a branch are dead in the second run
  row.order = "before passes that stop at control flow";
  row.looks_for = "prim::If and prim::Loop";
  row.summary = "Runs the graph on the example inputs and keeps the nodes that ran, without branches and loops";
  row.description =
      "Inlines calls, runs the graph once, and records every node that ran, in order, with the types seen. A prim::If "
      "is replaced by the branch taken, and a prim::Loop by its iterations, with the iteration number as a constant. "
      "The result is correct only for inputs that take the same path. Loops that carry values are refused, because "
      "LibTorch would give every iteration the values that entered the first.";
  row.example = branch_example;
  row.example_inputs = {"float32[2,3]", "true"};
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    jit::Stack stack = copied_stack(unit, inputs_of(context), false);
    GraphPtr graph = without_profiles(unit);
    jit::Inline(*graph);
    if (const std::string reason = untraceable(*graph->block()); !reason.empty()) {
      throw Refused(reason);
    }
    const c10::AutoGradMode grad_mode(context.grad);
    const jit::GraphOptimizerEnabledGuard as_it_stands(false);
    try {
      unit.replace_graph(*jit::TraceGraph(graph, stack));
    } catch (const std::exception& error) {
      throw Error(ErrorKind::pass, run_failure("tracing " + unit.name(), error, context.grad));
    }
    return "";
  };
  return row;
}

PassRow specialize_types() {
  PassRow row;
  row.name = "specialize-types";
  row.function = "torch::jit::ArgumentSpecCreator::specializeTypes";
  row.header = "torch/csrc/jit/runtime/argument_spec.h";
  row.needs = {Need::inputs};
  row.keeps_interface = false;
  row.runs_operators = true; // reads the tensors of the module, so __setstate__ must have run
  row.idempotent = false;    // an input that is None gets another constant each time
  row.order = "before propagate-input-shapes and propagate-requires-grad";
  row.looks_for = "inputs that are tensors or optional";
  row.summary = "Specialises the graph to which inputs are None, and to the dtypes and ranks of the others";
  row.description =
      "Does what LibTorch's legacy executor did before it optimised. Tensor inputs, also in tuples and in the module, "
      "get types with the dtype, device, number of dimensions and requires_grad of the example inputs. An optional "
      "input that is given loses its Optional type. Uses of an input that is None become the constant None.";
  row.example = R"(graph(%x : Tensor, %bias : Tensor?):
  %none : NoneType = prim::Constant()
  %absent : bool = aten::__is__(%bias, %none)
  return (%x, %absent)
)";
  row.example_inputs = {"float32[2,3]", "None"};
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    check_input_count(unit, inputs_of(context)); // LibTorch would read past the end
    const jit::Stack stack = unit.stack(inputs_of(context));
    const jit::ArgumentSpecCreator creator(*unit.graph());
    creator.specializeTypes(*unit.graph(), creator.create(/*with_grad=*/true, stack));
    return "";
  };
  return row;
}

} // namespace

void register_executor(Registry& registry) {
  registry.add(run_required_passes());
  registry.add(run_noopt_pass_pipeline());
  registry.add(run_cleanup_passes());
  registry.add(get_plan_for());
  if (has_input_independent_plan) {
    registry.add(get_input_independent_plan());
  }
  registry.add(trace_graph());
  registry.add(specialize_types());
}

} // namespace tsir
