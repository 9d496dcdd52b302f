// Runs each oneDNN group once on the example inputs, and keeps those that compute what their operators compute.
#pragma once

#include "lib/model/unit.h"

namespace tsir {

struct DissolvedGroup {
  std::string why;   // "partition compile failed", in one line
  std::string place; // "conv.py:463", of the group's first operator; "" if unknown
};

struct GroupTrials {
  size_t kept = 0;
  std::vector<DissolvedGroup> dissolved;
};

// LibTorch's fuser forms groups without asking whether oneDNN can compile them, and oneDNN compiles a group only when
// it runs for the first time. This runs the unfused graph on `inputs` (without self) and each group beside its
// operators. A group is dissolved, so that its operators run unfused, if it throws, gives other results, changes an
// input that is read again, would have to compute gradients, or is not reached. The layouts of the remaining groups'
// results are settled so that the whole graph runs, too. `fused` must have the unit's inputs. `grad`: autograd is on
// during the run.
GroupTrials dissolve_failing_groups(jit::Graph& fused, const Unit& unit, const std::vector<c10::IValue>& inputs,
                                    bool grad);

// "21 of 22 groups kept; 1 dissolved: partition compile failed at conv.py:463"; "" if none was dissolved.
std::string describe_dissolved(const GroupTrials& trials);

} // namespace tsir
