// Batch norms that run in training mode, although the module is in eval mode: so it is if the model was traced in
// training mode. They normalise by the batch's own statistics, and LibTorch's folds do not look whether one does.
#pragma once

#include "passes/graph_pass.h"

namespace tsir {

// Whether the node is an aten::batch_norm whose argument `training` is the constant true.
bool normalises_by_batch(const jit::Node& node);

// Runs the fold so that it does not see batch norms that run in training mode; the note says how many were left.
RowFunction sparing_training_batch_norms(RowFunction fold);

} // namespace tsir
