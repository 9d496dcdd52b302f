// A bench from end to end: variants checked, those worth it measured against each other, and the answers collected.
#pragma once

#include "lib/bench/estimate/verdict.h"
#include "lib/bench/report/operator_report.h"
#include "lib/bench/variants/check.h"

namespace tsir {

struct BenchSettings {
  ProtocolSettings protocol;
  CheckSettings check;
  DecisionRule rule;
  bool control = true;     // times a second instance of the baseline: what the machine makes of no difference at all
  bool force = false;      // times identical variants as well
  bool each = false;       // variants stand for themselves, not for prefixes: all contrasts are with the baseline
  size_t least_rounds = 0; // goes on until so many, verdicts or not: for what is compared with another run later
  size_t most_arms = 12;   // measured together, and so in memory at the same time; more are measured in groups
};

// Variants measured together; arm i of the measurement is variant variants[i]. The baseline is in every group. Where
// there is a control, it is the arm after them.
struct Group {
  std::vector<size_t> variants;
  Measurement measurement;
  std::optional<Decision> control; // the baseline against itself
  double placement_noise = 0;      // standard deviation of the control's effects between rounds, relative
};

struct Contrast {
  size_t variant = 0;
  size_t reference = 0;
  bool identical = false;           // both execute the same graph: nothing to time
  std::optional<Decision> decision; // absent where identical, or where one of them gave no times
  double more_seconds = 0;          // about what would settle it; 0 where it is settled, or nobody can tell
  Outcome outcome() const;          // inconclusive where it was not timed
};

struct PassTime {
  std::string text;
  double seconds = 0; // the median over all times that it ran
};

// Where a variant's times are: arm `arm` of the group's measurement.
struct TimedArm {
  const Group* group;
  size_t arm;
};

struct BenchResult {
  std::vector<CheckedVariant> variants; // the first is the baseline
  std::vector<Group> groups;
  std::vector<Contrast> contrasts;  // each variant with the one before it and with the baseline, in order
  std::vector<PassTime> pass_times; // by variant: of its last pass; empty text for the baseline
  std::vector<std::string> notes;
  size_t family = 0; // how many verdicts share the rule's alpha
  bool interrupted = false;
  double seconds = 0;
  std::optional<OperatorReport> operators; // where asked for: see bench_operators.h

  // The control came out faster or slower than the baseline that it is: no verdict of this run can be believed.
  bool machine_unfit() const;
  // The variant whose times stand for `variant`: itself, or the one it is identical to.
  size_t timed_as(size_t variant) const;
  // Of the variant itself where it was timed, be it by force, else of the one it is identical to: in the first group
  // that has it. Nothing where neither was measured.
  std::optional<TimedArm> timed_arm(size_t variant) const;
  // Of that arm.
  std::optional<Summary> summary(size_t variant) const;
  const Contrast* contrast(size_t variant, size_t reference) const;
};

// Throws Error where the baseline cannot be made or run, and of kind usage where a prefix has NNC groups that would be
// interpreted.
BenchResult run_bench(const BenchTarget& target, const std::vector<VariantSpec>& specs, const BenchSettings& settings,
                      Clock& clock, const Hooks& hooks);

// The variants of a bench: `start` alone, then `start` with each prefix of `pipeline`…
std::vector<VariantSpec> prefix_variants(const Pipeline& start, const Pipeline& pipeline);
// … or with each of its passes alone.
std::vector<VariantSpec> single_variants(const Pipeline& start, const Pipeline& pipeline);

} // namespace tsir
