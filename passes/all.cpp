#include "passes/all.h"

namespace tsir {

Registry all_passes() {
  Registry registry;
  for (auto* register_family :
       {register_cleanup, register_fold, register_inline, register_freeze, register_frozen, register_fuse,
        register_linear, register_tuples, register_mutation, register_loops, register_shapes, register_presets}) {
    register_family(registry);
  }
  return registry;
}

} // namespace tsir
