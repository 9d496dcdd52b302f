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

// The version as one number: 21300 for 2.13.0.
#define TSIR_LIBTORCH_VERSION (TORCH_VERSION_MAJOR * 10000 + TORCH_VERSION_MINOR * 100 + TORCH_VERSION_PATCH)

namespace tsir {

inline std::string libtorch_version() { // "2.13.0"
  return fmt::format("{}.{}.{}", TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR, TORCH_VERSION_PATCH);
}

// Text for LibTorch's functions. c10::string_view is a class of its own before 2.6, and std::string_view since.
inline c10::string_view torch_text(std::string_view text) {
  return c10::string_view(text.data(), text.size());
}

// Starts LibTorch's work with a kind of device. The function for any kind exists since 2.6.
inline void init_device(c10::DeviceType type) {
#if TSIR_LIBTORCH_VERSION >= 20600
  at::globalContext().lazyInitDevice(type);
#else
  switch (type) {
  case c10::kCUDA:
    return at::globalContext().lazyInitCUDA();
  case c10::kHIP:
    return at::globalContext().lazyInitHIP();
  case c10::kXPU:
    return at::globalContext().lazyInitXPU();
  case c10::kMTIA:
    return at::globalContext().lazyInitMTIA();
  case c10::kPrivateUse1:
    return at::globalContext().lazyInitPrivateUse1();
  default: // the others need no start
    return;
  }
#endif
}

// Python's torch._C._jit_pass_dce_graph exists since 2.8. The older _jit_pass_dce looks at no aliases.
inline constexpr bool has_python_dce_graph = TSIR_LIBTORCH_VERSION >= 20800;

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
