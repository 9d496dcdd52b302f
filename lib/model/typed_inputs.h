// Example inputs from the types in a graph's text.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// The inputs without self, as texts in the grammar of lib/input/inputs.h: "float32[128]" for an input of type
// Float(128, strides=[1]), or for one whose prim::profile node has seen this type. Empty unless all inputs are tensors
// with a known dtype, known sizes and, if known, contiguous strides, as the grammar makes them. Devices are not kept.
std::vector<std::string> typed_inputs(const Unit& unit);

} // namespace tsir
