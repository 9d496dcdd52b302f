// Writes .ir text with the graph before a failing pass and the command that shows the failure.
#pragma once

#include "lib/reduce/start.h"
#include "lib/verify/ir_reproducer.h"

namespace tsir {

// Makes the command that shows `shown` on the candidate once that is in `file`: `verify` if the candidate is run on
// inputs, else `opt`, with the settings of the workload, and with
// the limit of a trial if the failure is that it was exceeded.
IrReproducer reproducer_for(const Candidate& candidate, const PassVerdict& shown, const Workload& workload,
                            std::chrono::nanoseconds limit, const std::string& file);

// Writes the state before the failing pass to `file`, with that pass; if it does not fail on that state, writes the
// start with all passes up to it. Throws Error(check) if neither shows the failure.
void write_crash_reproducer(const PassVerdict& failure, const Workload& workload, const Registry& registry,
                            std::chrono::nanoseconds limit, const std::string& file);

} // namespace tsir
