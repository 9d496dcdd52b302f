// Finds out by running whether a model takes other batch sizes than that of the example inputs.
#pragma once

#include "lib/workload/workload.h"

namespace tsir {

// Runs the unit on its inputs, and again with every tensor among them joined to itself along the first dimension. Says
// in one line whether it runs, and whether the outputs grow with the inputs and begin with the same results: "fixed:
// forward runs with 2 in the first dimension of its inputs, but not with 4: …". Throws Error(check) if the unit does
// not run on the inputs themselves, and whatever prepare() throws.
std::string probe_batch(const Workload& workload, const Warn& warn = {});

} // namespace tsir
