// The class of static runtime. The packages of LibTorch 2.5 to 2.7 do not have its header, and a class cannot be
// declared without it.
#pragma once

#include "lib/compat/libtorch.h"

#if __has_include(<torch/csrc/jit/runtime/static/impl.h>)
#include <torch/csrc/jit/runtime/static/impl.h>
#define TSIR_HAS_STATIC_MODULE 1
#else
#define TSIR_HAS_STATIC_MODULE 0
#endif

namespace tsir {

// A copy of the graph that static runtime makes of `graph`. Throws if this LibTorch does not have the class's header.
inline constexpr bool has_static_module = TSIR_HAS_STATIC_MODULE != 0;
inline GraphPtr graph_of_static_module([[maybe_unused]] const GraphPtr& graph,
                                       [[maybe_unused]] bool enable_out_variant) {
#if TSIR_HAS_STATIC_MODULE
  jit::StaticModuleOptions options;
  options.enable_out_variant = enable_out_variant;
  const jit::StaticModule module(graph, options);
  return const_cast<jit::Graph&>(module.graph()).copy(); // copy() does not change the graph
#else
  TORCH_CHECK(false, "this LibTorch does not have the header of static runtime");
#endif
}

} // namespace tsir
