// Makes the target of a verification from a workload.
#pragma once

#include "lib/verify/observer.h"
#include "lib/workload/workload.h"

namespace tsir {

// Opens the model and makes the inputs. To be called in the process that runs them, because a fork does not copy
// threads. `passes`: those that will run on it. Throws Error(load) and Error(usage).
VerifyTarget make_target(const Workload& workload, const Registry& registry, const Pipeline& passes,
                         Purpose purpose = {.run = true});

} // namespace tsir
