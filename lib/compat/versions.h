// What differs between the versions of LibTorch that tsir is built with, and nothing else: small names, each with the
// versions that it is about. Code that uses one compiles with all of them.
#pragma once

#include "lib/compat/libtorch.h"

// The version of LibTorch. Its header has moved: 2.8 has torch/version.h, 2.13 torch/headeronly/version.h.
#if __has_include(<torch/headeronly/version.h>)
#include <torch/headeronly/version.h>
#else
#include <torch/version.h>
#endif

// oneDNN Graph's fuser: absent from versions before 2.0, and a part that may go.
#if __has_include(<torch/csrc/jit/codegen/onednn/interface.h>)
#include <torch/csrc/jit/codegen/onednn/interface.h>
#define TSIR_HAS_ONEDNN_GRAPH 1
#else
#define TSIR_HAS_ONEDNN_GRAPH 0
#endif

// As one number, 21300 for 2.13.0.
#define TSIR_LIBTORCH_VERSION (TORCH_VERSION_MAJOR * 10000 + TORCH_VERSION_MINOR * 100 + TORCH_VERSION_PATCH)

namespace tsir {

inline std::string libtorch_version() { // "2.13.0"
  return fmt::format("{}.{}.{}", TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR, TORCH_VERSION_PATCH);
}

// Runs oneDNN Graph's fuser on a profiled graph. Throws where this LibTorch has none.
inline constexpr bool has_onednn_graph_fuser = TSIR_HAS_ONEDNN_GRAPH != 0;
inline void run_onednn_graph_fuser([[maybe_unused]] GraphPtr& graph) {
#if TSIR_HAS_ONEDNN_GRAPH
  jit::fuser::onednn::fuseGraph(graph);
#else
  TORCH_CHECK(false, "this LibTorch has no oneDNN Graph fuser");
#endif
}

// GraphExecutor::getInputIndependentPlan: from 2.13 on. Throws before.
inline constexpr bool has_input_independent_plan = TSIR_LIBTORCH_VERSION >= 21300;
inline const jit::ExecutionPlan& input_independent_plan([[maybe_unused]] jit::GraphExecutor& executor) {
#if TSIR_LIBTORCH_VERSION >= 21300
  return executor.getInputIndependentPlan();
#else
  TORCH_CHECK(false, "this LibTorch has no plan that looks at no inputs");
#endif
}

} // namespace tsir
