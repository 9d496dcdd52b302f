// Finds passes that would crash the measurement before it begins.
#pragma once

#include "lib/bench/timing/protocol.h"
#include "lib/bench/variants/variant.h"

namespace tsir {

// Makes each variant except the first and rivals in a child process and runs it once if its passes changed something;
// fills in `crash` of those whose child died or took longer than `limit`, and `idle` of those that changed nothing.
// `target` is called in one child, with one thread, and the variants are made in children of that, which share what it
// has opened; if they cannot share it, `target` is called in each. `threads`: within an operator, in the children.
// To be called before this process has run any operator (see lib/process/worker.h).
void mark_crashing(std::vector<VariantSpec>& specs, const std::function<BenchTarget()>& target, int threads,
                   std::chrono::nanoseconds limit, const Hooks& hooks);

} // namespace tsir
