// The conclusion of a bench: whether it failed, and why.
#pragma once

#include "lib/base/error.h"
#include "lib/bench/outcome/sweep_outcome.h"

namespace tsir {

// The verdicts that fail a bench: those of variants against the baseline, and of all variants against a saved baseline.
struct FailureRule {
  bool slower = false;
  bool inconclusive = false; // inconclusive verdicts fail too, if `slower` is set
};

struct Conclusion {
  // pass: a pass failed or left a graph that does not run; check: outputs differ, or a verdict fails the bench. Empty
  // if nothing failed, or if the user stopped the bench.
  std::optional<ErrorKind> failure;
  bool interrupted = false;
  // One line for each variant that failed, then for each verdict that fails the bench. In a bench of all passes, some
  // cannot be applied to the model: they have lines, but are not failures.
  std::vector<std::string> why;
};

Conclusion conclude(const BenchOutcome& result, const FailureRule& rule);
// The worst conclusion of all points; each line begins with its point's label.
Conclusion conclude(const SweepOutcome& sweep, const FailureRule& rule);

} // namespace tsir
