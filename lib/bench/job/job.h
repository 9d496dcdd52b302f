// Runs a bench from end to end: the job with all settings, and the two functions that run it.
#pragma once

#include "lib/base/error.h"
#include "lib/bench/job/points.h"
#include "lib/workload/workload.h"

namespace tsir {

// Another program that is timed in the same blocks as the variants, with the protocol of docs/rivals.md.
struct RivalCommand {
  std::string name;    // letters, digits, '.', '_' and '-'
  std::string command; // for a shell
};

struct BenchJob {
  // What to time and how; its start passes make the unit that all variants are compared with. `sets` and `calls` are
  // not used.
  Workload workload;
  std::string against = {};              // another file to use as the baseline, such as an older version; "" for none
  BatchDimensions batch_dimensions = {}; // of the inputs, at points with a batch size

  Pipeline passes = {};         // each prefix is a variant; with settings.each, each pass alone
  std::string passes_text = {}; // `passes` as they were written, for reports
  // Parses the start passes. If settings.each is set without passes, all of its passes that can be timed on the device
  // are tried; then passes that fail on this model are not errors.
  const Registry* registry = nullptr;
  Warn warn = {}; // receives warnings about .ir text; may be empty
  std::vector<RivalCommand> rivals = {};
  std::chrono::nanoseconds rival_limit = std::chrono::minutes(5); // for the start, and for each answer

  SweepAxes axes = {};                            // the axes to vary; for `sweep`
  std::optional<TrainSettings> training = {};     // times training steps instead of calls
  std::optional<OperatorSettings> operators = {}; // profiles operators after the timed rounds
  std::optional<SavedBaseline> baseline = {};     // an earlier outcome to compare with
  bool other_conditions = false;                  // compares with it even if it was measured under other conditions
  bool save = false;                              // the outcome will be saved as such a baseline
  bool all_gpus_visible = true; // CUDA numbers the GPUs as the driver does, so that the device's clocks can be watched
  // Seed, rounds for a comparison across time and the like are filled in from the job.
  BenchSettings settings = {};
};

struct JobHooks {
  std::function<bool()> stop = {};                    // called between calls and slots; true ends the measurement
  std::function<void(const Progress&)> progress = {}; // called between blocks only, never inside one
  // Called before the first call of `stop`; its result is kept while `stop` may be called. May be empty.
  std::function<std::shared_ptr<void>()> watch = {};
};

// The user stopped the job before anything was measured: there is no outcome.
class Interrupted : public Error {
public:
  Interrupted() : Error(ErrorKind::check, "interrupted") {}
};

// Benches at one point. `run` and `sweep` change the process permanently, and must be called before it has opened a
// model or run an operator: glibc keeps freed memory (machine/allocator.h), and the number of threads is set.
// With settings.each, variants are first tried in child processes. Throws Error(usage) if the job is not supported or
// the inputs do not match, Error(load) if a file cannot be opened, Error(check) if the baseline does not run; and
// Interrupted.
BenchOutcome run(const BenchJob& job, const JobHooks& hooks = {});
// Benches at all points of the job's axes.
SweepOutcome sweep(const BenchJob& job, const JobHooks& hooks = {});

// Checks for combinations that are not supported, before anything is opened. Throws Error(usage). `run` and `sweep` do
// this first.
void check_job(const BenchJob& job);

} // namespace tsir
