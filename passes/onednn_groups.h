// What tsir does with the groups of LibTorch's oneDNN Graph fuser (passes/host/onednn_layouts.h).
#pragma once

#include "lib/compat/libtorch.h"
#include "passes/host/onednn_layouts.h"

namespace tsir {

using host_passes::onednn::is_choice;
using host_passes::onednn::onednn_groups;
using host_passes::onednn::OnednnGroup;

// The first operator of the group's fallback, which says where in the model's source the group comes from.
const jit::Node& first_operator(const OnednnGroup& group);

// Replaces the prim::If by the operators of the fallback, so that they run unfused.
void dissolve(const OnednnGroup& group);

} // namespace tsir
