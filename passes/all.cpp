#include "passes/all.h"

namespace tsir {

Registry all_passes() {
  Registry registry;
  for (auto* register_family : {register_cleanup,
                                register_fold,
                                register_inline,
                                register_freeze,
                                register_frozen,
                                register_fuse,
                                register_linear,
                                register_tuples,
                                register_mutation,
                                register_loops,
                                register_shapes,
                                register_quantization,
                                register_quantization_on_device,
                                register_module_folding,
                                register_mobile,
                                register_profiling,
                                register_autodiff,
                                register_executor,
                                register_symbolic_shapes,
                                register_types,
                                register_tensorexpr,
                                register_peepholes,
                                register_concat,
                                register_control_flow,
                                register_closures,
                                register_precision,
                                register_packed_linear,
                                register_normalize,
                                register_static_runtime,
                                register_rewrite,
                                register_analyses,
                                register_presets}) {
    register_family(registry);
  }
  return registry;
}

} // namespace tsir
