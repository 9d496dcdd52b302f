// The child's side of a worker.
#pragma once

#include "lib/process/phase.h"
#include "lib/process/worker.h"

#include <sys/types.h>

namespace tsir {

using WorkerBody = std::function<WorkerJson(const EventSink<WorkerJson>&)>;

// Runs `work` in a process that `parent` has just forked, sends messages to `fd`, one JSON object a line, and ends the
// process: {"event": …} for each event, then {"value": …}, {"error": …, "kind": …} or {"threw": …}.
[[noreturn]] void work_and_exit(const WorkerSettings& settings, const WorkerBody& work, PhaseBoard* board, int fd,
                                pid_t parent);

} // namespace tsir
