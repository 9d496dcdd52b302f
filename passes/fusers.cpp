#include "passes/fuse.h"

#include "lib/base/error.h"
#include "lib/ir/walk.h"
#include "lib/run/profile.h"
#include "passes/onednn_check.h"
#include "passes/onednn_prepare.h"
#include "passes/writes.h"

#include <torch/csrc/jit/codegen/fuser/interface.h>
#include <torch/csrc/jit/passes/graph_fuser.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/tensorexpr/kernel.h>

// oneDNN Graph's fuser is missing from some versions of LibTorch.
#if __has_include(<torch/csrc/jit/codegen/onednn/interface.h>)
#include <torch/csrc/jit/codegen/onednn/interface.h>
#define TSIR_HAS_ONEDNN_FUSER 1
#else
#define TSIR_HAS_ONEDNN_FUSER 0
#endif

namespace tsir {
namespace {

// Lets NNC form groups for CPUs while the pass runs, even if LibTorch has no LLVM to compile them.
class NncOnCpu {
public:
  NncOnCpu() : before_(jit::canFuseOnCPU()) { jit::overrideCanFuseOnCPU(true); }
  ~NncOnCpu() { jit::overrideCanFuseOnCPU(before_); }
  NncOnCpu(const NncOnCpu&) = delete;
  NncOnCpu& operator=(const NncOnCpu&) = delete;

private:
  bool before_;
};

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
  return TSIR_HAS_ONEDNN_FUSER && device.is_cpu() && at::globalContext().hasMKLDNN();
}

} // namespace

bool nnc_compiles_for_cpu() {
  static const bool at_start = jit::canFuseOnCPU(); // LibTorch's default: whether it was built with LLVM
  return at_start;
}

std::string describe_groups(const jit::Graph& graph) {
  size_t groups = 0;
  size_t operators = 0;
  walk(*graph.block(), [&](const jit::Node& node) {
    if (is_group(node)) {
      ++groups;
      walk(*node.g(c10::attr::Subgraph)->block(),
           [&](const jit::Node& inner) { operators += inner.kind() != c10::prim::Constant ? 1 : 0; });
    }
  });
  if (groups > 0) {
    return fmt::format("formed {} group{} of {} operator{}", groups, groups == 1 ? "" : "s", operators,
                       operators == 1 ? "" : "s");
  }
  const std::string calls = calls_note(graph);
  return calls.empty() ? "found nothing to fuse" : "found nothing to fuse: " + calls;
}

std::string fuse_profiled(Unit& unit, const PassContext& context, const std::function<void(GraphPtr&)>& fuse) {
  if (context.inputs == nullptr) {
    throw Error(ErrorKind::pass, fmt::format("fusers need shapes: {}", to_advice(Need::inputs)));
  }
  if (has_onednn_groups(*unit.graph())) {
    return "found groups of fuse-onednn-graph, which cannot be profiled again: fuse only once";
  }
  GraphPtr graph = profiled_copy(unit, *context.inputs);
  fuse(graph);
  inline_fallbacks(*graph->block());
  jit::RemoveTensorTypeSpecializations(graph);
  if (has_groups(*graph)) { // otherwise leave the unit unchanged
    unit.replace_graph(*graph);
  }
  return describe_groups(*unit.graph());
}

std::string fuse_tensor_exprs(Unit& unit, const PassContext& context, const TensorExprSettings& settings) {
  const bool interpreted = context.device.is_cpu() && !nnc_compiles_for_cpu();
  if (interpreted) {
    // Not restored: groups are compiled later, when the graph is about to run, and would be refused then.
    jit::tensorexpr::getTEMustUseLLVMOnCPU() = false;
  }
  std::string note = fuse_profiled(unit, context, [&](GraphPtr& graph) {
    const NncOnCpu allowed;
    jit::FuseTensorExprs(graph, settings.min_group_size, settings.add_composed_op, settings.fuse_to_dynamic_shapes);
  });
  if (interpreted && has_groups(*unit.graph())) {
    note += "; this LibTorch was built without LLVM, so on a CPU they run in an interpreter: inspect them, do not time "
            "them";
  }
  return note;
}

std::string fuse_onednn_graph(Unit& unit, const PassContext& context) {
  if (!onednn_fuses_on(context.device)) {
    throw Error(ErrorKind::pass, context.device.is_cpu() ? "this LibTorch has no oneDNN Graph fuser"
                                                         : "oneDNN Graph fuses for CPUs only: try fuse-tensor-exprs");
  }
#if TSIR_HAS_ONEDNN_FUSER
  return fuse_profiled(unit, context, [](GraphPtr& graph) {
    prepare_for_onednn(*graph);
    GraphPtr prepared = graph->copy();
    refuse_where_it_says("Schema not found",
                         "LibTorch's oneDNN fuser meets a node without a schema in this graph: run freeze first", [&] {
                           try {
                             jit::fuser::onednn::fuseGraph(graph);
                           } catch (const std::out_of_range&) {
                             fuse_with_lifted_constants(prepared, jit::fuser::onednn::fuseGraph);
                             graph = prepared;
                           }
                         });
    dissolve_uncompilable_groups(*graph->block());
  });
#else
  return "";
#endif
}

std::string fuse_graph(Unit& unit, const PassContext& context, bool strict_fuser_check) {
  if (context.device.is_cpu()) {
    // Not restored: the switch is read again when the graph runs, and groups would silently run unfused.
    jit::overrideCanFuseOnCPULegacy(true);
  }
  GraphPtr graph = unit.graph()->copy();
  jit::FuseGraph(graph, strict_fuser_check);
  agree_on_device(*graph->block());
  if (has_groups(*graph)) {
    unit.replace_graph(*graph);
  }
  return describe_groups(*unit.graph());
}

std::string fuse_best(Unit& unit, const PassContext& context) {
  if (context.device.is_cuda() || (context.device.is_cpu() && nnc_compiles_for_cpu())) {
    return "took fuse-tensor-exprs: " + fuse_tensor_exprs(unit, context, {});
  }
  if (onednn_fuses_on(context.device)) {
    return "took fuse-onednn-graph: " + fuse_onednn_graph(unit, context);
  }
  throw Error(ErrorKind::pass, fmt::format("this LibTorch has no fuser for {}", context.device.str()));
}

} // namespace tsir
