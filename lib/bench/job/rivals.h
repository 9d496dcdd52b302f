// Starts the rivals of a job.
#pragma once

#include "lib/bench/job/job.h"
#include "lib/bench/variants/rival.h"

namespace tsir {

// Throws Error(usage) if a name is invalid or taken, or if a command is empty.
void check_rivals(const std::vector<RivalCommand>& rivals);
// Starts each rival of the job and reads its greeting, so that a command that does not exist is found before any work.
// Throws Error(usage) for such a command, Error(load) if a rival sends no greeting, and Interrupted.
std::vector<Rival> start_rivals(const BenchJob& job, const JobHooks& hooks);

} // namespace tsir
