// Finds passes that would crash the measurement before it begins.
#pragma once

#include "lib/bench/timing/protocol.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// Makes each variant except the first and rivals in a child process and runs it once if its passes changed something;
// fills in `crash` of those whose child died or took longer than `limit`. `target` is called in the child.
// To be called before this process has run any operator (see lib/process/worker.h).
void mark_crashing(std::vector<VariantSpec>& specs, const std::function<BenchTarget()>& target,
                   std::chrono::nanoseconds limit, const Hooks& hooks);

} // namespace tsir
