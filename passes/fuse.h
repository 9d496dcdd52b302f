// Shared by the fusers: the graph with shapes that they need, and the note on the groups that they formed.
#pragma once

#include "passes/graph_pass.h"

namespace tsir {

// Whether NNC compiles for CPUs, which only a LibTorch built with LLVM does. Otherwise its groups on a CPU are
// interpreted.
bool nnc_compiles_for_cpu();

// Runs `fuse` on a copy of the unit's graph with the shapes seen on the example inputs, removes these shapes again, and
// replaces the unit's graph by the result. Returns how many groups were formed, or why there are none.
std::string fuse_profiled(Unit& unit, const PassContext& context, const std::function<void(GraphPtr&)>& fuse);

// The fusion groups of a graph, and the operators in them.
struct GroupCount {
  size_t groups = 0;
  size_t operators = 0;
};
GroupCount count_groups(const jit::Graph& graph);
// "formed 3 groups of 17 operators", besides those that were there before; or why there are none.
std::string describe_groups(const jit::Graph& graph, const GroupCount& before);

// The three fusers. fuse_best uses the best one that this LibTorch has for the device. They throw Refused if this
// LibTorch or the device lacks the fuser.
struct TensorExprSettings {
  size_t min_group_size = 2;
  bool add_composed_op = false;
  bool fuse_to_dynamic_shapes = false;
};
std::string fuse_tensor_exprs(Unit& unit, const PassContext& context, const TensorExprSettings& settings);
PassResult fuse_onednn_graph(Unit& unit, const PassContext& context);
std::string fuse_graph(Unit& unit, const PassContext& context, bool strict_fuser_check);
PassResult fuse_best(Unit& unit, const PassContext& context);

} // namespace tsir
