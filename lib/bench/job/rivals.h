// The rivals of a job.
#pragma once

#include "lib/bench/job/job.h"
#include "lib/bench/variants/rival.h"

namespace tsir {

// Throws Error(usage) for a name that cannot be one or is taken, and for a command that is empty.
void check_rivals(const std::vector<RivalCommand>& rivals);
// Starts each rival of the job, as far as its greeting: a command that does not exist is found before any work. Throws
// Error(usage) for that, Error(load) where a rival does not greet, and Interrupted.
std::vector<Rival> start_rivals(const BenchJob& job, const JobHooks& hooks);

} // namespace tsir
