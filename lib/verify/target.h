// What is verified, made from a workload.
#pragma once

#include "lib/verify/observer.h"
#include "lib/workload/workload.h"

namespace tsir {

// Opens the model and makes the inputs: to be called in the process that runs them, because a fork takes no threads
// along. `passes` are those that will run on it. Throws Error(load) and Error(usage).
VerifyTarget make_target(const Workload& workload, const Registry& registry, const Pipeline& passes,
                         Purpose purpose = {.run = true});

} // namespace tsir
