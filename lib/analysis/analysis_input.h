// What the analyses look at: a copy of a unit's graph with the calls inlined, the values numbered as tsir prints them,
// and, where there are example inputs, the types seen in a run on them.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

struct AnalysisInput {
  GraphPtr graph;
  c10::IValue self;    // the module object where the graph takes one, else None
  bool ran = false;    // whether the types come from a run
  bool called = false; // whether calls were inlined, so that the graph is not the unit's own
  // How often each nested block ran, where it ran at all; the graph's own block is not among them.
  std::unordered_map<const jit::Block*, uint64_t> runs;

  // How often the nodes of `block` ran, as far as this is known: 1 for the graph's own block, and for all blocks where
  // nothing was run.
  uint64_t runs_of(const jit::Block& block) const;
  // The value of a constant, or of an attribute of the module.
  std::optional<c10::IValue> known(const jit::Value& value) const;
};

// `inputs` are without self; nullptr: nothing is run. The unit, its module's buffers and the inputs stay as they are.
// Throws Error(check) in one line where the model throws.
AnalysisInput analysis_input_of(const Unit& unit, const std::vector<c10::IValue>* inputs, bool grad = false);

} // namespace tsir
