// Keeps those groups of LibTorch's oneDNN Graph fuser that compute what their operators compute.
#pragma once

#include "passes/onednn_trial.h"

namespace tsir {

struct DissolvedGroup {
  std::string why;   // "partition compile failed", in one line
  std::string place; // "conv.py:463", of the group's first operator; "" if unknown
};

struct GroupTrials {
  size_t kept = 0;
  std::vector<DissolvedGroup> dissolved;
  bool opaque = true; // results may keep oneDNN's layouts
};

// LibTorch's fuser forms groups without asking whether oneDNN can compile them, and oneDNN compiles a group only when
// it runs for the first time. This runs `fused`, and dissolves the groups that do not work (verdicts_of_trials), so
// that their operators run unfused. The layouts of the remaining groups' results are settled so that the whole graph
// runs, too. `original` is the graph before fusion: its outputs are what is right. What was found is kept for the next
// calls with the same graph and inputs.
GroupTrials dissolve_failing_groups(jit::Graph& fused, const GraphPtr& original, const TrialRun& run);

// "21 of 22 groups kept; 1 dissolved: partition compile failed at conv.py:463"; "" if none was dissolved.
std::string describe_dissolved(const GroupTrials& trials);

} // namespace tsir
