// What is worked on, and how: the one description that every subcommand and every library user makes.
#pragma once

#include "lib/input/inputs.h"
#include "lib/pass/pipeline.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "lib/workload/opened_model.h"

namespace tsir {

struct Workload {
  UnitSource source;
  InputSettings inputs;                // `inputs.device` is not read: it is `device`
  size_t sets = 1;                     // of inputs, each with the next seed; fewer where the seed changes nothing
  size_t calls = 1;                    // of each set, one after the other
  std::string device = "cpu";          // as parse_device takes it
  Executor executor = Executor::as_is; // where the unit runs, but for passes, which run it as it stands
  bool grad = false;                   // autograd is on wherever the unit runs, passes that profile it included
  int threads = 0;                     // within an operator; 0: LibTorch's choice
  std::vector<std::string> tolerance;  // as parse_tolerances takes them
  std::string start;                   // passes that make the unit to start from; "" for none
  std::vector<std::string> plugins;    // shared libraries of passes; for command lines: the registry has their rows
};

// Whether the workload says itself what the inputs are. Else they may come from the file.
bool gives_inputs(const Workload& workload);

// What is asked of a unit, besides running passes on it.
struct Purpose {
  bool run = false;    // it is run on inputs
  bool load = false;   // its weights are needed, as for a file that is written
  bool inputs = false; // its inputs are wanted, whether it is run or not
};

// What that needs, and what `prepare` then supplies.
struct Needs {
  bool load = false;   // fully, which runs the model's code; else it is only inspected
  bool inputs = false; // example inputs
};
// The only place that knows which passes need inputs or a loaded module.
Needs needs_of(const Workload& workload, const Pipeline& pipeline, Purpose purpose);

// A fresh unit with all that running passes on it takes. The start passes have not run.
struct Prepared {
  std::shared_ptr<const OpenedModel> model;
  Unit unit;
  c10::Device device = c10::kCPU;
  bool grad = false;
  std::vector<std::vector<c10::IValue>> input_sets; // without self; empty where nothing needs them

  const std::vector<c10::IValue>* inputs() const { return input_sets.empty() ? nullptr : &input_sets.front(); }
  // For Pipeline::run. Refers to this object.
  RunSettings run_settings() const { return {.inputs = inputs(), .device = device, .grad = grad}; }
};

// Opens the file in the mode that is needed. Throws Error(load) and Error(usage).
std::shared_ptr<const OpenedModel> open_model(const Workload& workload, const Pipeline& pipeline, Purpose purpose,
                                              const Warn& warn = {});
// A unit of it with its inputs. `graph`: which of several in a text; 0: the workload's. Throws Error(usage) where
// inputs are needed and cannot be made.
Prepared prepare(std::shared_ptr<const OpenedModel> model, const Workload& workload, const Pipeline& pipeline,
                 Purpose purpose, size_t graph = 0, const Warn& warn = {});
// Both.
Prepared prepare(const Workload& workload, const Pipeline& pipeline, Purpose purpose, const Warn& warn = {});

// The workload's start, parsed. Throws Error(usage).
Pipeline start_of(const Workload& workload, const Registry& registry);
// Makes fresh units after the start passes; keeps the model open.
std::function<Unit()> opener(const Prepared& prepared, const Pipeline& start);

} // namespace tsir
