// Runs a unit several times on the same inputs: its outputs, its times, and whether all runs give the same outputs.
#pragma once

#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "lib/run/series.h"

namespace tsir {

struct Repetition {
  std::vector<c10::IValue> outputs; // of the first run
  Series times;                     // including the device's work; without copying inputs and comparing outputs
  // The number of the first run (from 2) whose outputs differ from those of run 1 by more than the tolerance; 0 for
  // none.
  size_t differing_run = 0;
  Difference difference; // of that run
};

// Every run gets fresh copies of the inputs. The random generators are seeded before each run, or before the first one
// only, so that runs of a model that draws random numbers differ. The module's buffers keep what the run
// before left in them. Throws Error(check) in one line if the model throws.
Repetition repeat(const Runnable& runnable, const std::vector<c10::IValue>& inputs, size_t runs, c10::Device device,
                  uint64_t seed, bool seed_once = false);

} // namespace tsir
