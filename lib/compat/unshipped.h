// Functions that every supported LibTorch exports, but whose headers the packages of LibTorch 2.5 to 2.7 lack.
// Where the headers are missing, their functions are declared here, as in these versions.
#pragma once

#include "lib/compat/libtorch.h"

#include <torch/csrc/jit/passes/pass_manager.h>

#if __has_include(<torch/csrc/jit/runtime/static/passes.h>)
#define TSIR_ALL_HEADERS 1
#include <torch/csrc/jit/codegen/fuser/interface.h>
#include <torch/csrc/jit/codegen/fuser/kernel_cache.h>
#include <torch/csrc/jit/codegen/onednn/interface.h>
#include <torch/csrc/jit/operator_upgraders/upgraders_entry.h>
#include <torch/csrc/jit/passes/dbr_quantization/remove_redundant_aliases.h>
#include <torch/csrc/jit/runtime/static/fusion.h>
#include <torch/csrc/jit/runtime/static/passes.h> // has no guard of its own
#else
#define TSIR_ALL_HEADERS 0
namespace torch::jit {

bool canFuseOnCPU();
size_t nCompiledKernels();
void overrideCanFuseOnCPU(bool value);

namespace fuser {
std::shared_ptr<Graph> normalizeGraphForCache(const std::shared_ptr<Graph>& graph);
namespace onednn {
void fuseGraph(std::shared_ptr<Graph>& graph);
} // namespace onednn
} // namespace fuser

void populate_upgraders_graph_map();
Module DBRQuantRemoveRedundantAliases(Module& module);

bool canEnableStaticRuntime(const std::shared_ptr<Graph>& graph);
void fuseStaticSubgraphs(std::shared_ptr<Graph> graph, size_t min_size);
void performTensorExprFusion(std::shared_ptr<Graph> graph, std::vector<c10::IValue> sample_inputs);
void ReplaceWithCopy(std::shared_ptr<Graph>& graph, bool outputs_are_immutable = true);
void ReplaceWithMaybeCopy(std::shared_ptr<Graph>& graph, bool outputs_are_immutable = true);
void RemoveImmutableInputDictLookups(std::shared_ptr<Graph>& graph);
void FuseSignLog1P(std::shared_ptr<Graph>& graph);
void UseVariadicTupleUnpack(const std::shared_ptr<Graph>& graph);
void CreateOwnedRefsForSpecialValues(Graph& graph);
void ForceNonEmptyOutputs(Graph& graph);
void EliminateExtraPermuteOps(std::shared_ptr<Graph>& graph);
void EliminateNoOpSlice(std::shared_ptr<Graph>& graph);
void UseSplitAndSqueeze(std::shared_ptr<Graph>& graph);
void RemoveUnnecessaryOutputs(std::shared_ptr<Graph>& graph);
void RemoveUnnecessaryEmbeddingBagOutputs(std::shared_ptr<Graph>& graph);

} // namespace torch::jit
#endif

namespace tsir {

// From now on the executor runs oneDNN Graph's fuser on the graphs that it prepares.
inline void register_onednn_graph_fuser() {
#if TSIR_ALL_HEADERS
  jit::RegisterLlgaFuseGraph::setEnabled(true);
#else
  static const jit::GraphPassNameType registered = jit::registerPrePass(jit::fuser::onednn::fuseGraph);
  static_cast<void>(registered);
#endif
}

// Whether this LibTorch has the header, so that programs can include it: "torch/csrc/jit/runtime/static/passes.h".
inline bool has_header([[maybe_unused]] std::string_view header) {
#if !TSIR_ALL_HEADERS
  for (const std::string_view folder :
       {"codegen/fuser/", "codegen/onednn/", "operator_upgraders/", "passes/dbr_quantization/", "runtime/static/"}) {
    if (header.starts_with(fmt::format("torch/csrc/jit/{}", folder))) {
      return false;
    }
  }
#endif
  return true;
}

} // namespace tsir
