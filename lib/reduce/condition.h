// The failure to keep, and whether a verdict shows it.
#pragma once

#include "lib/verify/verdict.h"

namespace tsir {

struct ReduceCondition {
  enum class Kind {
    same,        // the failure that the start shows: the same pass, verdict and message
    crashes,     // a pass throws, crashes or hangs
    differs,     // results differ from those before the passes
    breaks_lint, // a pass leaves an invalid graph
    message      // the message matches a regular expression, whatever the verdict
  };
  Kind kind = Kind::same;
  std::string text; // same: the failure_signature of the start; message: the expression
};

// Two failures with the same signature are the same failure. It contains the pass, the verdict, and the message without
// numbers and names of values. For a difference in results, the message is only the place, or what a call throws.
std::string failure_signature(const PassVerdict& verdict);
// The first of a pipeline's verdicts that shows the failure, or nullptr.
const PassVerdict* find_shown(const ReduceCondition& condition, const std::vector<PassVerdict>& verdicts);
// Throws Error(usage) if the `text` of a message condition is not a regular expression.
void check_condition(const ReduceCondition& condition);

} // namespace tsir
