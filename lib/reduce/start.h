// Finds the start of a reduction: a standalone graph, as .ir text can hold it, that still shows the failure.
#pragma once

#include "lib/reduce/condition.h"
#include "lib/reduce/trial.h"

namespace tsir {

// Returns the unit's graph with all calls inlined, the module's attributes as constants, and writes to attributes left
// out. If attributes change, this is a different program: callers must check that it still shows the failure. Throws
// Error(usage) if an attribute cannot be a constant or a call cannot be inlined.
GraphPtr standalone_graph(const Unit& unit);

struct StartRequest {
  Workload workload;
  Pipeline passes; // that show the failure
  const Registry* registry = nullptr;
  std::string folder;                // for files that children write
  std::chrono::nanoseconds limit{0}; // for one trial
  TrialSettings trial() const { return {workload, limit}; }
};

struct Start {
  Candidate candidate;
  std::string made_by;               // the passes that made it; "" for none
  std::vector<PassVerdict> verdicts; // the verdicts on the candidate; empty if a command decides
};

// Returns the state after `before` as a standalone graph, with `rest` to run on it. Throws Error if it cannot be made.
Candidate candidate_after(const StartRequest& request, const Pipeline& before, const Pipeline& rest);
// Finds the failure first, and throws Error(check) if the passes show none. Sets the text of a condition of kind `same`
// to its signature. Then looks for a start that shows it too, with as few passes left as possible. Throws Error(check)
// if there is none.
Start find_start(const StartRequest& request, ReduceCondition& condition);
// The start if a command decides. It need not be of interest to the command.
Start plain_start(const StartRequest& request);

} // namespace tsir
