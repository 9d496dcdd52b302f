// What LibTorch's compiler and its executor run by themselves.
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
      "implicit aten::expand, aten::chunk of a constant number of parts, constants in arithmetic, dead code";
  row.summary = "What LibTorch runs on every graph before it interprets it";
  row.description = "remove-expands, canonicalize-ops and eliminate-dead-code, in this order.";
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
  row.looks_for = "prim::GradOf, implicit aten::expand, aten::chunk of a constant number of parts, dead code";
  row.summary = "What LibTorch's executor runs where optimisation is switched off";
  row.description = "lower-grad-of, remove-expands, canonicalize-ops and eliminate-dead-code, in this order.";
  row.run = on_graph([](GraphPtr& graph) { jit::runNooptPassPipeline(graph); });
  return row;
}

PassRow run_cleanup_passes() {
  PassRow row;
  row.name = "run-cleanup-passes";
  row.function = "torch::jit::runCleanupPasses";
  row.header = "torch/csrc/jit/frontend/ir_emitter.h";
  row.runs_operators = true;
  row.idempotent = false; // constant-pooling puts constants in another order
  row.looks_for = "closures, tuples taken apart where they are made, constant numbers in arithmetic, equal constants";
  row.summary = "What LibTorch's compiler runs on every graph that it has made from source";
  row.description = "lift-closures, inline-forked-closures, lower-simple-tuples, constant-propagation-immutable-types, "
                    "constant-pooling, canonicalize-outputs and annotate-warns, in this order. A graph that was loaded "
                    "has been through it; one from text has not.";
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

// A copy without prim::profile nodes: LibTorch crashes where it runs those that come from text.
GraphPtr without_profiles(const Unit& unit) {
  GraphPtr graph = unit.graph()->copy();
  jit::ProfilingRecord::removeProfilingNodes(graph->block());
  return graph;
}

jit::GraphExecutor executor_of(const Unit& unit) {
  return {without_profiles(unit), unit.name(), jit::ExecutorExecutionMode::PROFILING};
}

// The functions that the executor made for its plan go with it: their bodies take the place of the calls, and dead code
// goes, for the constants that name them would be left.
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
  row.options = {{"grad", false, "run with gradients, and let tensor inputs of floats require them", {}}};
  row.needs = {Need::inputs};
  row.changes_numerics = true;
  row.runs_operators = true;
  row.savable = false;
  row.idempotent = false; // the executor unrolls loops by eight each time, and differentiates what is left
  row.order = "alone: it does what module.forward() does to a graph";
  row.looks_for = "anything that LibTorch's executor improves";
  row.summary = "The graph that LibTorch's own executor runs once it has profiled and optimised";
  row.description =
      "Runs the graph under LibTorch's profiling executor until it has a plan for the example inputs, and takes that "
      "plan's graph: inlined, folded, unrolled, with differentiable groups where grad=true and tensors require "
      "gradients, "
      "and with fusion groups where LibTorch fuses on its own (on a CPU only where it was built with LLVM). Calls of "
      "fallback functions, which exist inside that executor only, are inlined.";
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
  row.summary = "What LibTorch's own executor makes of a graph without looking at inputs";
  row.description =
      "Takes the graph that LibTorch's executor runs where it is told not to profile: inlined, with constants "
      "propagated "
      "and pooled, common subexpressions and dead code gone, peepholes applied and tuples lowered. Nothing in it "
      "depends on shapes or dtypes.";
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
  row.idempotent = false; // conditions that only a branch read are dead by the second run
  row.order = "before passes that stop at control flow";
  row.looks_for = "prim::If and prim::Loop";
  row.summary = "Runs the graph on the example inputs and keeps what was executed, without branches and loops";
  row.description =
      "Calls are inlined, the graph runs once, and every node that ran is written down in order, with the types seen: "
      "the branch taken stands in place of a prim::If, each iteration in place of a prim::Loop, with its number as a "
      "constant. The result is right for inputs that take the same way only. Loops that carry values are refused: "
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
      throw Error(ErrorKind::pass, run_failure("tracing " + unit.name(), error, false));
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
  row.runs_operators = true; // reads the module's tensors: they must be there, so __setstate__ must have run
  row.idempotent = false;    // an input that is None gets another constant each time
  row.order = "before propagate-input-shapes and propagate-requires-grad";
  row.looks_for = "inputs that are tensors or optional";
  row.summary = "Specialises the graph to which inputs are None, and to dtypes and ranks of the others";
  row.description =
      "What LibTorch's legacy executor did before it optimised: tensor inputs, also in tuples and in the module, get "
      "types with the dtype, device, number of dimensions and gradient of the example inputs. An optional input that "
      "is "
      "given loses its Optional; uses of one that is None become the constant None.";
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
