#include "passes/fuse.h"

#include "lib/base/units.h"
#include "lib/compat/unshipped.h"
#include "lib/ir/walk.h"
#include "lib/pass/refused.h"
#include "lib/run/profile.h"
#include "lib/run/switches.h"
#include "passes/host/fuse.h"
#include "passes/onednn_plan.h"
#include "passes/onednn_search.h"

#include <torch/csrc/jit/passes/graph_fuser.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>

namespace tsir {
namespace {

bool is_group(const jit::Node& node) {
  return node.kind() == c10::prim::TensorExprGroup || node.kind() == c10::prim::TensorExprDynamicGroup ||
         node.kind() == c10::prim::oneDNNFusionGroup || node.kind() == c10::prim::FusionGroup;
}

bool has_groups(const jit::Graph& graph) {
  bool found = false;
  walk(*graph.block(), [&](const jit::Node& node) { found |= is_group(node); });
  return found;
}

// LibTorch cannot run a copy of such a group that is instrumented for profiling: the group "does not belong to any LLGA
// partition".
bool has_onednn_groups(const jit::Graph& graph) {
  bool found = false;
  walk(*graph.block(), [&](const jit::Node& node) { found |= node.kind() == c10::prim::oneDNNFusionGroup; });
  return found;
}

// LibTorch's graph check requires the types at one prim::FusionGroup to agree on the device, and rejects a group if
// only some of them name one.
void agree_on_device(jit::Block& block) {
  for (jit::Node* node : block.nodes()) {
    for (jit::Block* inner : node->blocks()) {
      agree_on_device(*inner);
    }
    if (node->kind() != c10::prim::FusionGroup) {
      continue;
    }
    std::vector<jit::Value*> values = node->inputs().vec();
    values.insert(values.end(), node->outputs().begin(), node->outputs().end());
    const bool all_named = std::ranges::all_of(values, [](const jit::Value* value) {
      const auto type = value->type()->cast<c10::TensorType>();
      return !type || type->device();
    });
    for (size_t i = 0; !all_named && i < values.size(); ++i) {
      if (values[i]->type()->cast<c10::TensorType>()) {
        values[i]->setType(c10::TensorType::get());
      }
    }
  }
}

bool onednn_fuses_on(c10::Device device) {
  return device.is_cpu() && at::globalContext().hasMKLDNN();
}

} // namespace

bool nnc_compiles_for_cpu() {
  static const bool at_start = jit::canFuseOnCPU(); // LibTorch's default: whether it was built with LLVM
  return at_start;
}

GroupCount count_groups(const jit::Graph& graph) {
  GroupCount count;
  walk(*graph.block(), [&](const jit::Node& node) {
    if (is_group(node)) {
      ++count.groups;
      walk(*node.g(c10::attr::Subgraph)->block(),
           [&](const jit::Node& inner) { count.operators += inner.kind() != c10::prim::Constant ? 1 : 0; });
    }
  });
  return count;
}

std::string describe_groups(const jit::Graph& graph, const GroupCount& before) {
  const GroupCount now = count_groups(graph);
  if (now.groups > before.groups) {
    const size_t operators = now.operators > before.operators ? now.operators - before.operators : 0;
    return fmt::format("formed {} of {}", plural(now.groups - before.groups, "group"), plural(operators, "operator"));
  }
  const std::string calls = calls_note(graph);
  return calls.empty() ? "found nothing to fuse" : "found nothing to fuse: " + calls;
}

std::string fuse_profiled(Unit& unit, const PassContext& context, const std::function<void(GraphPtr&)>& fuse) {
  if (context.inputs == nullptr) {
    throw Refused(fmt::format("fusers need shapes: {}", to_advice(Need::inputs)));
  }
  if (has_onednn_groups(*unit.graph())) {
    return "found groups of fuse-onednn-graph, which cannot be profiled again: fuse only once";
  }
  const GroupCount before = count_groups(*unit.graph());
  GraphPtr graph = profiled_copy(unit, *context.inputs, context.grad);
  fuse(graph);
  host_passes::onednn::inline_fallbacks(*graph->block());
  forget_types(graph);
  if (has_groups(*graph)) { // otherwise leave the unit unchanged
    unit.replace_graph(*graph);
  }
  return describe_groups(*unit.graph(), before);
}

std::string fuse_tensor_exprs(Unit& unit, const PassContext& context, const TensorExprSettings& settings) {
  const bool interpreted = context.device.is_cpu() && !nnc_compiles_for_cpu();
  std::string note = fuse_profiled(unit, context, [&](GraphPtr& graph) {
    const SwitchScope allowed(Switch::nnc_fuses_on_cpu);
    jit::FuseTensorExprs(graph, settings.min_group_size, settings.add_composed_op, settings.fuse_to_dynamic_shapes);
  });
  if (interpreted && has_groups(*unit.graph())) {
    note += "; this LibTorch was built without LLVM, so on a CPU they run in an interpreter: inspect them, do not time "
            "them";
  }
  return note;
}

PassResult fuse_onednn_graph(Unit& unit, const PassContext& context) {
  if (!onednn_fuses_on(context.device)) {
    throw Refused(context.device.is_cpu() ? "this LibTorch has no oneDNN Graph fuser"
                                          : "oneDNN Graph fuses for CPUs only: try fuse-tensor-exprs");
  }
  FusedGraph fused;
  GroupTrials trials;
  PassResult result = fuse_profiled(unit, context, [&](GraphPtr& graph) {
    const GraphPtr original = graph->copy();
    host_passes::onednn::prepare_for_onednn(graph);
    fused = fuse_what_can_be(*graph, &host_passes::run_onednn_fuser);
    graph = fused.graph;
    host_passes::onednn::inline_fallbacks(*graph->block());
    trials = dissolve_failing_groups(*graph, original, {unit, *context.inputs, context.grad});
  });
  if (const std::string dissolved = describe_dissolved(trials); !dissolved.empty()) {
    result.beyond_host = "it dissolved groups that do not work";
    result.note = trials.kept == 0 ? dissolved : result.note + "; " + dissolved;
  }
  if (!trials.opaque) {
    result.beyond_host = "it gave the results of all groups plain layouts";
  }
  if (!fused.hidden.empty()) {
    result.beyond_host = "it left out operators on which LibTorch's fuser fails";
    result.note += fmt::format("; {} left out, on which LibTorch's fuser fails: {}",
                               plural(fused.hidden.size(), "operator"), fused.hidden.front());
  }
  return result;
}

std::string fuse_graph(Unit& unit, const PassContext& context, bool strict_fuser_check) {
  const auto allowed =
      context.device.is_cpu() ? std::optional<SwitchScope>(std::in_place, Switch::old_fuser_on_cpu) : std::nullopt;
  const GroupCount before = count_groups(*unit.graph());
  GraphPtr graph = unit.graph()->copy();
  jit::FuseGraph(graph, strict_fuser_check);
  agree_on_device(*graph->block());
  if (has_groups(*graph)) {
    unit.replace_graph(*graph);
  }
  return describe_groups(*unit.graph(), before);
}

PassResult fuse_best(Unit& unit, const PassContext& context) {
  if (context.device.is_cuda() || (context.device.is_cpu() && nnc_compiles_for_cpu())) {
    return "took fuse-tensor-exprs: " + fuse_tensor_exprs(unit, context, {});
  }
  if (onednn_fuses_on(context.device)) {
    PassResult result = fuse_onednn_graph(unit, context);
    result.note = "took fuse-onednn-graph: " + result.note;
    return result;
  }
  throw Refused(fmt::format("this LibTorch has no fuser for {}", context.device.str()));
}

} // namespace tsir
