// Which reads of a module's state see which writes.
#pragma once

#include "lib/model/branches.h"

namespace tsir {

struct StateFlow {
  const jit::Node* write; // prim::SetAttr, or an operator that writes in place, perhaps through a view
  const jit::Node* read;  // prim::GetAttr of the attribute
  std::string attribute;  // "bn.running_mean"
  bool next_call;         // the read sees the write only in the next call of the method
};

// In graph order of the writes. Calls must be inlined: writes and reads in them are not seen; nor are those in
// subgraphs, such as forks. `branches`: those that never run are left out. A read sees a write if some run of the graph
// can lead from one to the other without a prim::SetAttr in between that always runs there.
std::vector<StateFlow> state_flows_of(const jit::Graph& graph, Branches branches);

} // namespace tsir
