// Where a reduction starts: a self-contained graph, which .ir text can hold, that still shows the failure.
#pragma once

#include "lib/reduce/condition.h"
#include "lib/reduce/trial.h"

namespace tsir {

// The unit's graph with all calls inlined and the module's attributes as constants; writes to attributes are left out.
// Where attributes change it is not the same program, so callers test whether it still shows what matters. Throws
// Error(usage) where an attribute cannot be a constant, or a call cannot be inlined.
GraphPtr standalone_graph(const Unit& unit);

struct StartRequest {
  std::function<VerifyTarget()> target; // for children, as verify's
  Pipeline passes;                      // that show the failure
  const Registry* registry = nullptr;
  InputTexts given;   // the inputs as the user wrote them; empty if they come from elsewhere
  std::string folder; // for the files of children
  TrialSettings trial;
};

struct Start {
  Candidate candidate;
  std::string made_by;               // the passes that ran to make it; may be empty
  std::vector<PassVerdict> verdicts; // of the candidate; none if a command decides
};

// The state after `before` as a self-contained graph, with `rest` to run on it. Throws the Error that making it met,
// and Error(crash) if that crashed.
Candidate candidate_after(const StartRequest& request, const Pipeline& before, const Pipeline& rest);
// Finds the failure, sets a condition of kind `same` to it, and then looks for a start that shows it too, with as few
// passes left as possible. Throws Error(check) if the passes show no failure, or no start does.
Start find_start(const StartRequest& request, ReduceCondition& condition);
// The start for a command of the user, which need not show the failure.
Start plain_start(const StartRequest& request);

} // namespace tsir
