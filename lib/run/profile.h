// Finds types with shapes by running the graph. Fusers need them, and shape propagation alone does not find them.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// The arguments for a run of the unit's graph. They are copies, so that in-place operators and gradients do not affect
// the user's inputs and module. A module that the graph does not use is not copied. `grad`: floating-point tensors
// require gradients.
jit::Stack copied_stack(const Unit& unit, const std::vector<c10::IValue>& inputs, bool grad);

// Returns a copy of the unit's graph whose tensor types have the dtypes, shapes and strides seen in a run on `inputs`
// (without self). The graph is otherwise unchanged. The run uses copies, so that inputs and the module's buffers keep
// their values. Values inside calls that are not inlined get no shapes. LibTorch leaves prim::profile nodes at uses
// that did not run. `grad`: autograd is on during the run. Throws Error(check) in one line if the model throws.
GraphPtr profiled_copy(const Unit& unit, const std::vector<c10::IValue>& inputs, bool grad = false);
// Removes the types of profiled_copy() again, and the prim::profile nodes that are left.
void forget_types(GraphPtr& graph);

} // namespace tsir
