// What a bench found out: plain data, from which reports, exports and plots are made without LibTorch.
#pragma once

#include "lib/bench/outcome/environment.h"
#include "lib/bench/outcome/operators.h"
#include "lib/bench/outcome/saved_baseline.h"
#include "lib/bench/outcome/settings.h"
#include "lib/bench/outcome/training.h"
#include "lib/bench/outcome/variant.h"
#include "lib/bench/timing/protocol.h"

namespace tsir {

// What was measured, how, and where.
struct BenchContext {
  std::string file;
  std::string sha1; // of the file, where the outcome may be saved or compared; else ""
  std::string method;
  std::string passes;                // as the user gave them
  std::string executable = "tsir";   // the program that measured
  std::string device = "cpu";        // "cuda:0"
  std::string executor = "as-is";    // "profiling"
  bool every_pass = false;           // each pass that there is was tried: those that fail are expected to
  std::vector<Condition> conditions; // under which a saved baseline is comparable
  BenchSettings settings;
  Environment environment;
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
  double more_seconds = 0;          // about what would settle it; 0 where it is settled, or cannot be estimated
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

struct BenchOutcome {
  BenchContext context;
  std::vector<VariantOutcome> variants; // the first is the baseline
  std::vector<Group> groups;
  std::vector<Contrast> contrasts;  // each variant with the one before it and with the baseline, in order
  std::vector<PassTime> pass_times; // by variant: of its last pass; empty text for the baseline
  std::vector<std::string> notes;
  size_t family = 0; // how many verdicts share the rule's alpha
  bool interrupted = false;
  double seconds = 0;
  // Each where it was asked for.
  std::optional<OperatorOutcome> operators;
  std::optional<TrainingOutcome> training;
  std::optional<AcrossTimes> across_time;

  // The control, which is the baseline, came out faster or slower than it: no verdict of this run is reliable.
  bool machine_unfit() const;
  // The variant whose times stand for `variant`: itself, or the one it is identical to.
  size_t timed_as(size_t variant) const;
  // Of the variant itself where it was timed, even if only by force, else of the one it is identical to: in the first
  // group that has it. Nothing where neither was measured.
  std::optional<TimedArm> timed_arm(size_t variant) const;
  // Of that arm.
  std::optional<Summary> summary(size_t variant) const;
  const Contrast* contrast(size_t variant, size_t reference) const;
};

} // namespace tsir
