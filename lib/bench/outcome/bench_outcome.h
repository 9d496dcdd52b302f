// The outcome of a bench: plain data, from which reports, exports and plots are made without LibTorch.
#pragma once

#include "lib/bench/outcome/environment.h"
#include "lib/bench/outcome/operators.h"
#include "lib/bench/outcome/saved_baseline.h"
#include "lib/bench/outcome/settings.h"
#include "lib/bench/outcome/training.h"
#include "lib/bench/outcome/variant.h"
#include "lib/bench/timing/protocol.h"

namespace tsir {

// What was measured, how, and on which machine.
struct BenchContext {
  std::string file;
  std::string sha1; // of the file, if the outcome may be saved or compared; else ""
  std::string method;
  std::string passes;                // as the user gave them
  std::string executable = "tsir";   // the program that took the measurement
  std::string device = "cpu";        // "cuda:0"
  std::string executor = "as-is";    // "profiling"
  bool every_pass = false;           // all passes were tried, so that failed passes are not errors
  std::vector<Condition> conditions; // a saved baseline is comparable only under the same
  BenchSettings settings;
  Environment environment;
};

// Variants measured together; arm i of the measurement is variant variants[i]. The baseline is in every group. If there
// is a control, it is the last arm.
struct Group {
  std::vector<size_t> variants;
  Measurement measurement;
  std::optional<Decision> control; // the baseline against itself
};

struct Contrast {
  size_t variant = 0;
  size_t reference = 0;
  bool identical = false;           // both execute the same graph, so there is nothing to time
  std::optional<Decision> decision; // absent if identical, or if one of them has no times
  double more_seconds = 0;          // estimated time to settle it; 0 if it is settled or there is no estimate
  Outcome outcome() const;          // inconclusive if it was not timed
};

struct PassTime {
  std::string text;
  double seconds = 0; // the median over all its runs
};

// The place of a variant's times: arm `arm` of the group's measurement.
struct TimedArm {
  const Group* group;
  size_t arm;
};

struct BenchOutcome {
  BenchContext context;
  std::vector<VariantOutcome> variants; // the first is the baseline
  std::vector<Group> groups;
  std::vector<Contrast> contrasts;  // each variant with the one before it and with the baseline, in order
  std::vector<PassTime> pass_times; // by variant: the time of its last pass; empty text for the baseline
  std::vector<std::string> notes;
  size_t family = 0; // number of verdicts that share the rule's alpha
  bool interrupted = false;
  double seconds = 0;
  // Each is present if it was requested.
  std::optional<OperatorOutcome> operators;
  std::optional<TrainingOutcome> training;
  std::optional<AcrossTimes> across_time;

  // Whether the control differs from the baseline, although it is the same: then no verdict of this run can be trusted.
  bool machine_unfit() const;
  // The variant whose times are used for `variant`: itself, or the one it is identical to.
  size_t timed_as(size_t variant) const;
  // The times of the variant itself if it was timed (also by `force`), else of the one it is identical to, in the first
  // group that has it. Empty if neither was measured.
  std::optional<TimedArm> timed_arm(size_t variant) const;
  // The summary of that arm.
  std::optional<Summary> summary(size_t variant) const;
  const Contrast* contrast(size_t variant, size_t reference) const;
};

} // namespace tsir
