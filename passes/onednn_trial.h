// Runs each oneDNN group beside the operators that it replaces.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

// What a graph of the unit is run on: inputs without self. `grad`: autograd is on during the run.
struct TrialRun {
  const Unit& unit;
  const std::vector<c10::IValue>& inputs;
  bool grad = false;
};

// Runs a graph that takes the unit's inputs, as it stands, on copies of them. Returns its outputs, followed by the
// arguments as the run has left them.
std::vector<c10::IValue> run_graph(const GraphPtr& graph, const TrialRun& run);

// What prim::oneDNNFusionGuard decides.
bool guard_holds(const std::vector<c10::TypePtr>& types, const std::vector<c10::IValue>& inputs);

constexpr auto unreached = "the example inputs do not reach it";

// For each group of `fused`, in order, why it must be dissolved, or "": it throws, gives other results, changes an
// input that is read again, would have to compute gradients, or is not reached. The run uses the unfused operators'
// results, so that one wrong group does not spoil the trial of another.
std::vector<std::string> verdicts_of_trials(jit::Graph& fused, const TrialRun& run);

} // namespace tsir
