// Types seen in runs: inserts prim::profile nodes and removes them.
#include "passes/profiling.h"

#include "lib/base/error.h"
#include "lib/pass/refused.h"
#include "lib/process/phase.h"
#include "lib/run/compare.h"
#include "lib/run/failure.h"
#include "lib/run/profile_nodes.h"
#include "passes/all.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/jit/passes/clear_profiling.h>
#include <torch/csrc/jit/passes/loop_unrolling.h>
#include <torch/csrc/jit/passes/remove_redundant_profiles.h>
#include <torch/csrc/jit/passes/specialize_autogradzero.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/profiling_record.h>

namespace tsir {
namespace {

bool has_profiles(const jit::Graph& graph) {
  return missing(graph, profile_nodes).empty();
}

GraphPtr instrumented(const Unit& unit, const PassContext& context) {
  const Phase phase(fmt::format("profiling {}", unit.name()));
  const bool grad = context.options.flag("grad"); // inputs require gradients
  const bool autograd = grad || context.grad;
  try {
    const auto record = jit::ProfilingRecord::instrumentGraph(unit.graph());
    if (context.options.flag("autograd-zero")) {
      jit::InsertProfileNodesForSpecializeAutogradZero(record.get());
    }
    const jit::Code code(record->profiled_graph_, unit.name());
    const c10::AutoGradMode grad_mode(autograd);
    const jit::GraphOptimizerEnabledGuard as_it_stands(false);
    for (size_t runs = record->profiling_count_; runs > 0; --runs) {
      jit::Stack stack = copied_stack(unit, *context.inputs, grad);
      jit::InterpreterState(code).run(stack);
    }
    jit::ProfilingRecord::removeProfileCounter(record->profiled_graph_->block());
    forget_record(*record->profiled_graph_);
    return record->profiled_graph_;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::pass, run_failure("profiling " + unit.name(), error, autograd));
  }
}

PassRow instrument_graph() {
  PassRow row;
  row.name = "instrument-graph";
  row.function = "torch::jit::ProfilingRecord::instrumentGraph";
  row.header = "torch/csrc/jit/runtime/profiling_record.h";
  row.kind = PassKind::profiled;
  row.options = {{"grad", false, "run with gradients, and let floating-point tensor inputs require them", {}},
                 {"autograd-zero", false, "also count how often optional sizes of _grad_sum_to_size are None", {}}};
  row.needs = {Need::inputs};
  row.runs_operators = true;
  row.savable = false;
  row.order = "after inline; before insert-guards, remove-profile-nodes-and-specialize-types or a fuser";
  row.looks_for = "tensors that are inputs of operators that LibTorch's fusers or autodiff know";
  row.summary = "Runs the graph on the example inputs and records the types seen in prim::profile nodes";
  row.description =
      "Inserts a prim::profile node before every use of a tensor by an operator that autodiff or a fuser knows, and "
      "before every output of a block. Then it runs the graph once on copies of the example inputs. Each node records "
      "the dtype, shape, strides and device that it saw. Types that the graph had before are dropped. The nodes stay, "
      "and do nothing when the graph runs. Nodes in branches that did not run have the plain type Tensor. If the graph "
      "already has prim::profile nodes, these are removed first.";
  row.example = profiled_example;
  row.example_inputs = {"float32[2,3]", "float32[2,3]"};
  row.run = [](Unit& unit, const PassContext& context) -> std::string {
    if (context.inputs == nullptr) {
      throw Refused(fmt::format("profiling runs the graph: {}", to_advice(Need::inputs)));
    }
    if (has_profiles(*unit.graph())) {
      jit::ProfilingRecord::removeProfilingNodes(unit.graph()->block());
    }
    unit.replace_graph(*instrumented(unit, context));
    return has_profiles(*unit.graph()) ? calls_note(*unit.graph()) : "found no tensor to profile";
  };
  return row;
}

PassRow remove_profiling_nodes() {
  PassRow row = row_on_profiles();
  row.name = "remove-profiling-nodes";
  row.function = "torch::jit::ProfilingRecord::removeProfilingNodes";
  row.header = "torch/csrc/jit/runtime/profiling_record.h";
  row.order = "after instrument-graph";
  row.looks_for = "prim::profile nodes";
  row.summary = "Removes prim::profile nodes, and drops the types that they saw";
  row.description =
      "prim::profile and prim::profile_ivalue nodes are removed, also in nested blocks, and replaced by the values "
      "that they profiled. The types that they saw are dropped: remove-profile-nodes-and-specialize-types keeps them.";
  row.run =
      on_graph([](GraphPtr& graph) { jit::ProfilingRecord::removeProfilingNodes(graph->block()); }, profile_nodes);
  return row;
}

PassRow specialize_types() {
  PassRow row = row_on_profiles();
  row.name = "remove-profile-nodes-and-specialize-types";
  row.function = "torch::jit::RemoveProfileNodesAndSpecializeTypes";
  row.header = "torch/csrc/jit/passes/tensorexpr_fuser.h";
  row.order = "after instrument-graph, before a fuser; remove-tensor-type-specializations removes the types again";
  row.looks_for = "prim::profile nodes";
  row.summary = "Removes prim::profile nodes and gives their types to the values";
  row.description =
      "Each prim::profile node is removed, and the type that it saw becomes the type of the value that it profiled. A "
      "tensor that was None in the profiled run keeps its type. The types hold only for inputs like those profiled, "
      "and nothing in the graph checks them: passes that rely on them, as fusers do, must add such checks.";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveProfileNodesAndSpecializeTypes(graph); }, profile_nodes);
  return row;
}

PassRow remove_specializations() {
  PassRow row;
  row.name = "remove-tensor-type-specializations";
  row.function = "torch::jit::RemoveTensorTypeSpecializations";
  row.header = "torch/csrc/jit/passes/tensorexpr_fuser.h";
  row.order = "after a fuser";
  row.looks_for = "tensor types that are more specific than Tensor";
  row.summary = "Replaces tensor types outside of groups by plain Tensor";
  row.description = "Values whose tensor type has a dtype, shape, device or requires_grad become plain Tensor. This "
                    "covers the inputs of the graph and the results of its nodes, also in nested blocks. Types inside "
                    "fusion groups stay, because the groups were compiled for them.";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  row.run = on_graph([](GraphPtr& graph) { jit::RemoveTensorTypeSpecializations(graph); });
  return row;
}

PassRow clear_profiling(const std::string& name, const std::string& function) {
  PassRow row;
  row.name = name;
  row.function = "torch::jit::" + function;
  row.header = "torch/csrc/jit/passes/clear_profiling.h";
  row.example = R"(graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::relu(%x)
  return (%1)
)";
  return row;
}

PassRow clear_profiling_information() {
  PassRow row = clear_profiling("clear-profiling-information", "ClearProfilingInformation");
  row.looks_for = "tensor types that are more specific than Tensor";
  row.summary = "Removes shapes, dtypes and devices from the types of inputs and results";
  row.description = "Does what unprofile-graph-inputs and unprofile-block do together: every tensor type in the graph "
                    "and its nested blocks becomes plain Tensor, also inside tuples and lists. Inputs of nested blocks "
                    "and types inside subgraphs stay; erase-shape-information covers these too.";
  row.run = on_graph([](GraphPtr& graph) { jit::ClearProfilingInformation(graph); });
  return row;
}

PassRow unprofile_graph_inputs() {
  PassRow row = clear_profiling("unprofile-graph-inputs", "unprofileGraphInputs");
  row.looks_for = "tensor inputs with types that are more specific than Tensor";
  row.summary = "Removes shapes, dtypes and devices from the types of the graph's inputs";
  row.description = "Tensor inputs of the graph get the type Tensor. All other types stay.";
  row.run = on_graph([](GraphPtr& graph) { jit::unprofileGraphInputs(graph); });
  return row;
}

PassRow unprofile_block() {
  PassRow row = clear_profiling("unprofile-block", "unprofileBlock");
  row.looks_for = "results with tensor types that are more specific than Tensor";
  row.summary = "Removes shapes, dtypes and devices from the types of results of nodes";
  row.description = "Tensors that are returned by nodes of the graph and of its nested blocks get the type Tensor. The "
                    "types of the graph's inputs stay.";
  row.run = on_graph([](GraphPtr& graph) { jit::unprofileBlock(graph->block()); });
  return row;
}

PassRow peel_profiling_loops() {
  PassRow row;
  row.name = "peel-profiling-loops";
  row.function = "torch::jit::PeelProfilingLoops";
  row.header = "torch/csrc/jit/passes/loop_unrolling.h";
  row.savable = false; // its loops have both a count and a condition
  row.idempotent = false;
  row.order = "before instrument-graph";
  row.looks_for = "loops that carry tensors";
  row.summary = "Peels the first iteration off loops that carry tensors";
  row.description = "A loop that takes a tensor from outside becomes two: one that runs only the first iteration, and "
                    "one for the rest. If they are profiled separately, the second sees steady shapes, because the "
                    "first turns the initial value into them. Loops over numbers only are left unchanged.";
  row.example = R"(graph(%x : Tensor, %count : int):
  %true : bool = prim::Constant[value=1]()
  %y : Tensor = prim::Loop(%count, %true, %x)
    block0(%i : int, %state : Tensor):
      %next : Tensor = aten::mul(%state, %i)
      -> (%true, %next)
  return (%y)
)";
  row.example_inputs = {"float32[4,4]", "3"};
  row.run = on_graph([](GraphPtr& graph) { jit::PeelProfilingLoops(graph); }, {{"prim::Loop"}, "prim::Loop"});
  return row;
}

} // namespace

PassRow row_on_profiles() {
  PassRow row;
  row.needs = {Need::profile_nodes};
  row.example = profiled_example;
  row.example_inputs = {"float32[2,3]", "float32[2,3]"};
  row.example_passes = "instrument-graph";
  return row;
}

void register_profiling(Registry& registry) {
  registry.add(instrument_graph());
  registry.add(remove_profiling_nodes());
  registry.add(specialize_types());
  registry.add(remove_specializations());
  registry.add(clear_profiling_information());
  registry.add(unprofile_graph_inputs());
  registry.add(unprofile_block());
  registry.add(peel_profiling_loops());
  register_profiling_guards(registry);
}

} // namespace tsir
