// Explains why a fuser does not fuse a node. The conditions are those in LibTorch's sources
// (passes/tensorexpr_fuser.cpp, codegen/onednn/graph_helper.cpp, passes/graph_fuser.cpp), as far as public interfaces
// allow checking them.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

enum class Fuser { nnc, onednn, old };
std::string_view to_string(Fuser fuser); // the name of its pass: "fuse-tensor-exprs"

// Whether the node is a possible candidate for fusion: an operator that produces tensors, other than one that only
// moves values.
bool is_candidate(const jit::Node& node);

// The reason, for a candidate that was not fused.
std::string why_not(Fuser fuser, const AnalysisInput& subject, const jit::Node& node);

} // namespace tsir
