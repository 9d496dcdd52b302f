// Decides which results of oneDNN groups may keep oneDNN's own memory layout.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// LibTorch lets a group hand its result to other groups in oneDNN's own layout. No other operator can read such a
// tensor: one that reaches the fallback of a group throws "itensor_from_mkldnn expects MKL-DNN tensor input". That
// happens when the guard of the reading group fails although the guard of the writing group held.
//
// This gives every result the plain layout unless all its readers are groups that start from the same tensors as the
// writer, or from fewer: then the sizes that let the writer run let the readers run, too.
// `any_opaque` false: every result gets the plain layout.
void settle_layouts(jit::Graph& graph, bool any_opaque);

} // namespace tsir
