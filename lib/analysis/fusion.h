// Why a fuser leaves a node alone. The conditions are those of LibTorch's sources (passes/tensorexpr_fuser.cpp,
// codegen/onednn/graph_helper.cpp, passes/graph_fuser.cpp), as far as they can be asked from outside.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

enum class Fuser { nnc, onednn, old };
std::string_view to_string(Fuser fuser); // the name of its pass: "fuse-tensor-exprs"

// Operators that fusers are asked about: those that give tensors, and are no plumbing.
bool is_candidate(const jit::Node& node);

// For a candidate that the fuser did not take.
std::string why_not(Fuser fuser, const AnalysisInput& subject, const jit::Node& node);

} // namespace tsir
