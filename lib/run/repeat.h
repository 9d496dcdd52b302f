// A unit run several times on the same inputs: its outputs, its times, and whether it gives the same every time.
#pragma once

#include "lib/run/compare.h"
#include "lib/run/runnable.h"
#include "lib/run/series.h"

namespace tsir {

struct Repetition {
  std::vector<c10::IValue> outputs; // of the first run
  Series times;                     // device work waited for; copying inputs and comparing outputs left out
  // The first run whose outputs are not those of run 1 within tolerance, from 2; 0 for none.
  size_t differing_run = 0;
  Difference difference; // of that run
};

// Every run gets fresh copies of the inputs and freshly seeded random generators; the module's buffers stay as the run
// before left them. Throws Error(check) in one line where the model throws.
Repetition repeat(const Runnable& runnable, const std::vector<c10::IValue>& inputs, size_t runs, c10::Device device,
                  uint64_t seed);

} // namespace tsir
