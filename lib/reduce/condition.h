// Which failure is looked for, and whether a verdict shows it.
#pragma once

#include "lib/verify/verdict.h"

namespace tsir {

struct ReduceCondition {
  enum class Kind {
    same,        // the failure that the start shows: the same pass, the same verdict, the same words
    crashes,     // a pass throws, crashes or hangs
    differs,     // results are others than before the passes
    breaks_lint, // a pass leaves a graph that is not sound
    message      // what is said matches a regular expression, whatever the verdict
  };
  Kind kind = Kind::same;
  std::string text; // same: what failure_signature gave for the start; message: the expression
};

// What makes two failures the same: pass, verdict, and words without numbers and names of values. A difference in
// results has no words of its own, but for what a call throws.
std::string failure_signature(const PassVerdict& verdict);
// The first of a pipeline's verdicts that shows it, or nullptr.
const PassVerdict* find_shown(const ReduceCondition& condition, const std::vector<PassVerdict>& verdicts);
// Throws Error(usage) where `text` of a message is not a regular expression.
void check_condition(const ReduceCondition& condition);

} // namespace tsir
