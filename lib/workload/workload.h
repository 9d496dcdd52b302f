// Describes what to work on and how. Every subcommand and every user of the library makes one.
#pragma once

#include "lib/input/inputs.h"
#include "lib/pass/pipeline.h"
#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "lib/workload/opened_model.h"

namespace tsir {

struct Workload {
  UnitSource source;
  InputSettings inputs;       // `inputs.device` is not read: it is `device`
  size_t sets = 1;            // number of input sets, each with the next seed; fewer if the seed changes nothing
  size_t calls = 1;           // of each set, one after the other
  std::string device = "cpu"; // as parse_device takes it
  Executor executor = Executor::as_is; // of the unit's runs; passes that run the unit use as_is
  bool grad = false;                   // autograd is on whenever the unit runs, also in passes that profile it
  int threads = 0;                     // within an operator; 0: LibTorch's choice
  std::vector<std::string> tolerance;  // as parse_tolerances takes them
  std::string start;                   // passes that make the unit to start from; "" for none
  std::vector<std::string> plugins;    // shared libraries of passes, for command lines; the registry has the passes
};

// The device that the workload names, as parse_device finds it. If it is not the CPU, the workload's libraries are
// loaded first, because one of them may bring the device.
c10::Device device_of(const Workload& workload);

// The method that the unit runs, to show: "layer1.forward".
std::string shown_method(const UnitSource& source, const Unit& unit);

// Whether the workload specifies the inputs. Otherwise they may come from the file.
bool gives_inputs(const Workload& workload);

// Whether the file has inputs for the unit, which are used if none are given: bundled ones, or those of a trace.
bool has_own_inputs(const OpenedModel& model, const Unit& unit);

// The workload with the inputs of the file's trace written down, if they are what is used: a unit that is saved from it
// does not have them.
Workload with_traced_inputs(Workload workload);

// What a unit is used for, besides running passes on it.
struct Purpose {
  bool run = false;    // it is run on inputs
  bool load = false;   // its weights are needed, for example to write a file
  bool inputs = false; // its inputs are needed, whether or not it is run
};

// What a purpose needs; `prepare` supplies it.
struct Needs {
  bool load = false;   // the model is loaded fully, which runs its code; else it is only inspected
  bool inputs = false; // example inputs
};
// The only place that knows which passes need inputs or a loaded module.
Needs needs_of(const Workload& workload, const Pipeline& pipeline, Purpose purpose);

// A new unit with everything that passes need to run on it. The start passes have not run yet.
struct Prepared {
  std::shared_ptr<const OpenedModel> model;
  Unit unit;
  c10::Device device = c10::kCPU;
  bool grad = false;
  std::vector<std::vector<c10::IValue>> input_sets; // without self; empty if nothing needs them

  const std::vector<c10::IValue>* inputs() const { return input_sets.empty() ? nullptr : &input_sets.front(); }
  // For Pipeline::run. Refers to this object.
  RunSettings run_settings() const { return {.inputs = inputs(), .device = device, .grad = grad}; }
};

// Opens the file in the mode that is needed. Throws Error(load) and Error(usage).
std::shared_ptr<const OpenedModel> open_model(const Workload& workload, const Pipeline& pipeline, Purpose purpose,
                                              const Warn& warn = {});
// Makes a unit from the model, with its inputs. `graph`: which of several graphs in a text; 0: the workload's. Throws
// Error(usage) if inputs are needed and cannot be made.
Prepared prepare(std::shared_ptr<const OpenedModel> model, const Workload& workload, const Pipeline& pipeline,
                 Purpose purpose, size_t graph = 0, const Warn& warn = {});
// Opens the model and prepares a unit.
Prepared prepare(const Workload& workload, const Pipeline& pipeline, Purpose purpose, const Warn& warn = {});

// The workload's start, parsed. Throws Error(usage).
Pipeline start_of(const Workload& workload, const Registry& registry);
// Makes fresh units after the start passes; keeps the model open.
std::function<Unit()> opener(const Prepared& prepared, const Pipeline& start);

} // namespace tsir
