// Where a reduction starts: a graph that stands for itself, as .ir text can hold it, and still shows the failure.
#pragma once

#include "lib/reduce/condition.h"
#include "lib/reduce/trial.h"

namespace tsir {

// The unit's graph with all calls inlined and the module's attributes as constants; what writes to attributes is left
// out. It is not the same program where attributes change: whoever asks for it tries whether it still does what
// matters. Throws Error(usage) where an attribute cannot be a constant, or a call cannot be inlined.
GraphPtr standalone_graph(const Unit& unit);

struct StartRequest {
  Workload workload;
  Pipeline passes; // that show the failure
  const Registry* registry = nullptr;
  std::string folder;                // for what children write
  std::chrono::nanoseconds limit{0}; // for one trial
  TrialSettings trial() const { return {workload, limit}; }
};

struct Start {
  Candidate candidate;
  std::string made_by;               // the passes that ran on the way to it; "" for none
  std::vector<PassVerdict> verdicts; // what the candidate shows; none for the start of a command
};

// The state after `before` as a graph that stands for itself, with `rest` to run on it. Throws Error where there is
// none.
Candidate candidate_after(const StartRequest& request, const Pipeline& before, const Pipeline& rest);
// Finds the failure first: throws Error(check) where the passes show none. Pins a condition of kind `same` to it. Then
// looks for a start that shows it too, with as few passes left as possible. Throws Error(check) where there is none.
Start find_start(const StartRequest& request, ReduceCondition& condition);
// The start for a command of the user's, which need not show anything yet.
Start plain_start(const StartRequest& request);

} // namespace tsir
