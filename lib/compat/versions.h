// The differences between the versions of LibTorch that tsir supports, as small functions and constants, each with the
// versions that it concerns. Code that uses them compiles with every supported version.
#pragma once

#include "lib/compat/libtorch.h"

// The version of LibTorch. Its header was moved: 2.8 has torch/version.h, 2.13 has torch/headeronly/version.h.
#if __has_include(<torch/headeronly/version.h>)
#include <torch/headeronly/version.h>
#else
#include <torch/version.h>
#endif

// oneDNN Graph's fuser: missing before 2.0, and LibTorch may be built without it.
#if __has_include(<torch/csrc/jit/codegen/onednn/interface.h>)
#include <torch/csrc/jit/codegen/onednn/interface.h>
#define TSIR_HAS_ONEDNN_GRAPH 1
#else
#define TSIR_HAS_ONEDNN_GRAPH 0
#endif

// The version as one number: 21300 for 2.13.0.
#define TSIR_LIBTORCH_VERSION (TORCH_VERSION_MAJOR * 10000 + TORCH_VERSION_MINOR * 100 + TORCH_VERSION_PATCH)

namespace tsir {

inline std::string libtorch_version() { // "2.13.0"
  return fmt::format("{}.{}.{}", TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR, TORCH_VERSION_PATCH);
}

// Runs oneDNN Graph's fuser on a profiled graph. Throws if this LibTorch does not have it.
inline constexpr bool has_onednn_graph_fuser = TSIR_HAS_ONEDNN_GRAPH != 0;
inline void run_onednn_graph_fuser([[maybe_unused]] GraphPtr& graph) {
#if TSIR_HAS_ONEDNN_GRAPH
  jit::fuser::onednn::fuseGraph(graph);
#else
  TORCH_CHECK(false, "this LibTorch has no oneDNN Graph fuser");
#endif
}

// GraphExecutor::getInputIndependentPlan exists since 2.13. Throws in older versions.
inline constexpr bool has_input_independent_plan = TSIR_LIBTORCH_VERSION >= 21300;
inline const jit::ExecutionPlan& input_independent_plan([[maybe_unused]] jit::GraphExecutor& executor) {
#if TSIR_LIBTORCH_VERSION >= 21300
  return executor.getInputIndependentPlan();
#else
  TORCH_CHECK(false, "this LibTorch has no plan that is independent of inputs");
#endif
}

} // namespace tsir
