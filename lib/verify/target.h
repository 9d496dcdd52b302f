// Makes the target of a verification from a workload.
#pragma once

#include "lib/verify/sweep_start.h"
#include "lib/workload/workload.h"

namespace tsir {

// Opens the model and makes the inputs. `passes`: those that will run on it. Throws Error(load) and Error(usage).
VerifyTarget prepare_target(const Workload& workload, const Registry& registry, const Pipeline& passes,
                            Purpose purpose = {.run = true});
// The same, with the workload's number of threads. To be called in the process that runs the unit, because a fork does
// not copy threads.
VerifyTarget make_target(const Workload& workload, const Registry& registry, const Pipeline& passes,
                         Purpose purpose = {.run = true});

// The settings of a sweep with such a target. The device decides whether children can share it.
SweepSettings sweep_settings(const Workload& workload, const Registry& registry, const Pipeline& passes,
                             Purpose purpose = {.run = true});

} // namespace tsir
