// Finds computations of sizes and other scalars, and writes them as text: "x.size(0) * 12".
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// Whether the node only computes scalars, or lists of them, without side effects. Its inputs are not looked at.
bool computes_scalars(const jit::Node& node);
// Whether values of this type are scalars, or lists or tuples of them.
bool is_scalar(const c10::Type& type);
// Whether an operator changes the value in place.
bool is_written(const jit::Value& value);
// Whether the operator reads the shape, dtype or length of its first input, not its elements.
bool queries_shape(const jit::Node& node);
// Whether the node may compute with sizes that tracing turned into tensors: aten::mul after prim::NumToTensor.
bool may_be_traced_arithmetic(const jit::Node& node);

// The node's computation, given the texts of its inputs. `output`: which of several results.
std::string scalar_text(const jit::Node& node, const std::vector<std::string>& inputs, size_t output);

} // namespace tsir
