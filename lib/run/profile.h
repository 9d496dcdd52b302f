// Types with shapes, found by running: what fusers need, and what shape propagation alone does not give.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// What a run of the unit's graph is given: copies, so that neither in-place operators nor gradients reach the user's
// inputs and module; a module that the graph does not use is not copied. `grad`: floats require gradients.
jit::Stack copied_stack(const Unit& unit, const std::vector<c10::IValue>& inputs, bool grad);

// A copy of the unit's graph whose tensor types carry the dtypes, shapes and strides seen in a run on `inputs` (without
// self). Nothing else of the graph is changed. Inputs and the module's buffers keep their values: copies of them are
// run. Values inside calls that are not inlined get no shapes. RemoveTensorTypeSpecializations takes the shapes away
// again. `grad`: autograd is on while it runs. Throws Error(check) in one line where the model throws.
GraphPtr profiled_copy(const Unit& unit, const std::vector<c10::IValue>& inputs, bool grad = false);

} // namespace tsir
