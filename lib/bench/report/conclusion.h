// What a bench comes to: whether it failed, and why.
#pragma once

#include "lib/base/error.h"
#include "lib/bench/outcome/sweep_outcome.h"

namespace tsir {

// Which verdicts fail a bench, of variants against the baseline and of all variants against a saved one.
struct FailureRule {
  bool slower = false;
  bool inconclusive = false; // as well, where `slower` is set
};

struct Conclusion {
  // pass: a pass failed or left a graph that does not run; check: outputs differ, or a verdict fails it. Nothing where
  // all is fine, and where the user stopped it.
  std::optional<ErrorKind> failure;
  bool interrupted = false;
  // A line each: variants that failed, then verdicts that fail the bench. In a sweep over all passes, those that cannot
  // do anything with the model are expected: they have lines, but are not failures.
  std::vector<std::string> why;
};

Conclusion conclude(const BenchOutcome& result, const FailureRule& rule);
// The worst of all points, whose labels stand before their lines.
Conclusion conclude(const SweepOutcome& sweep, const FailureRule& rule);

} // namespace tsir
