// Which reads of a module's state see which writes.
#pragma once

#include "lib/model/branches.h"

namespace tsir {

struct StateFlow {
  const jit::Node* write; // prim::SetAttr, an operator that writes in place, perhaps through a view, or a call
  const jit::Node* read;  // prim::GetAttr of the attribute, or a call
  std::string attribute;  // "bn.running_mean"
  bool next_call;         // the read sees the write only in the next call of the method
};

// In graph order of the writes. What a call writes and reads that is not inlined stands for the call itself: the flows
// within it are left out, except from one call of it to the next. A fork is seen as if it ran where it begins.
// `branches`: those that never run are left out. A read sees a write if some run of the graph can lead from one to the
// other without a prim::SetAttr in between that always runs there.
std::vector<StateFlow> state_flows_of(const jit::Graph& graph, Branches branches);

} // namespace tsir
