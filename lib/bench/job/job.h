// A bench from end to end: what can be asked for, and the two functions that do it.
#pragma once

#include "lib/base/error.h"
#include "lib/bench/job/points.h"
#include "lib/pass/pipeline.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"

namespace tsir {

// A file with the model to bench.
struct BenchModel {
  std::string file; // its name: shown, and handed to rivals; "-" for standard input
  // Opens it, and gives what makes a fresh unit each time, with weights of its own.
  std::function<std::function<Unit()>()> open;
};

// Another program that is timed beside the variants, by the protocol of docs/rivals.md.
struct RivalCommand {
  std::string name;    // letters, digits, '.', '_' and '-'
  std::string command; // for a shell
};

struct BenchJob {
  BenchModel model;
  std::optional<BenchModel> against = {}; // another module, the baseline of all: an older version
  // The inputs of a unit of `model` at a point of a sweep, on that device and without self. A single bench asks for
  // them at a point without coordinates. Empty: there are none.
  std::function<std::vector<c10::IValue>(Unit&, const Point&, c10::Device)> inputs;
  std::string device = "cpu"; // as parse_device takes it
  Executor executor = Executor::as_is;
  bool grad = false;        // keeps autograd on
  uint64_t seed = 0;        // of orders, and of the model's own random numbers
  int threads = 0;          // within an operator, where no axis varies them; 0: LibTorch's choice
  Tolerance tolerance = {}; // of outputs that are compared with the baseline's

  Pipeline start = {};          // makes the unit that all is compared with
  Pipeline passes = {};         // each prefix of it is a variant; with settings.each, each of its passes alone
  std::string passes_text = {}; // `passes` as they were written, for reports
  // Where settings.each is set and there are no passes: all of its passes that can be timed on the device are tried,
  // and those that fail on this model are expected to.
  const Registry* registry = nullptr;
  std::vector<RivalCommand> rivals = {};
  std::chrono::nanoseconds rival_limit = std::chrono::minutes(5); // for the start, and for each answer

  SweepAxes axes = {};                            // what is varied: for `sweep`
  std::optional<TrainSettings> training = {};     // times training steps instead of calls
  std::optional<OperatorSettings> operators = {}; // profiles operators after the timed rounds
  std::optional<SavedBaseline> baseline = {};     // an earlier outcome, which this one is compared with
  bool other_conditions = false;                  // compares with it even where it was measured under others
  bool save = false;                              // the outcome is to be saved as such a baseline
  bool shake = true;                              // tensors begin at random places in memory
  bool all_gpus_visible = true; // CUDA numbers the GPUs as their driver does: the clocks of the device are watched
  // Seed, rounds for a comparison across time and the like are filled in from the job.
  BenchSettings settings = {};
};

struct JobHooks {
  std::function<bool()> stop = {};                    // asked between calls and slots; true ends the measurement
  std::function<void(const Progress&)> progress = {}; // called between blocks only, never inside one
  // Called before `stop` is asked for the first time; what it gives is held while `stop` may be asked. May be empty.
  std::function<std::shared_ptr<void>()> watch = {};
};

// The user stopped the job before anything was measured: there is no outcome.
class Interrupted : public Error {
public:
  Interrupted() : Error(ErrorKind::check, "interrupted") {}
};

// Benches at one point. Both change the process for good, and are to be called before it has opened a model or run an
// operator: the allocator keeps freed memory, LibTorch's CPU allocator is replaced by one that shakes and counts
// (machine/allocator.h), and the number of threads is set. With settings.each, variants are first tried in child
// processes. Throw Error: of kind usage where what is asked for does not go together or the inputs do not fit, load
// where a file cannot be opened, check where the baseline does not run; Interrupted.
BenchOutcome run(const BenchJob& job, const JobHooks& hooks = {});
// Benches at all points of the job's axes.
SweepOutcome sweep(const BenchJob& job, const JobHooks& hooks = {});

// What of the job does not go together, before anything is opened: throws Error(usage). `run` and `sweep` do this
// first.
void check_job(const BenchJob& job);

} // namespace tsir
