// The input of the analyses: a copy of a unit's graph with inlined calls, values numbered as tsir prints them, and, if
// there are example inputs, the types observed in a run.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

struct AnalysisInput {
  GraphPtr graph;
  c10::IValue self;    // the module object if the graph takes one, otherwise None
  bool ran = false;    // whether the types were observed in a run
  bool called = false; // whether calls were inlined, so that the graph differs from the unit's
  // How often each nested block ran, for blocks that ran at all. Does not include the graph's top-level block.
  std::unordered_map<const jit::Block*, uint64_t> runs;

  // How often the nodes of `block` ran: 1 for the top-level block, and for all blocks if nothing was run.
  uint64_t runs_of(const jit::Block& block) const;
  // The value of a constant or of an attribute of the module.
  std::optional<c10::IValue> known(const jit::Value& value) const;
};

// `inputs` do not include self; if null, nothing is run. The unit, the buffers of its module and the inputs are not
// modified. Throws Error(check) if the model throws.
AnalysisInput analysis_input_of(const Unit& unit, const std::vector<c10::IValue>* inputs, bool grad = false);

} // namespace tsir
