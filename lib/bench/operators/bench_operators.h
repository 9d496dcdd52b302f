// The profiled rounds of a bench, after its timed ones.
#pragma once

#include "lib/bench/bench.h"

namespace tsir {

struct OperatorSettings {
  size_t rows = 10;
  bool tracks = false; // one call of each variant is recorded for drawing
};

// Profiles the variants that `result` has times of, in the same groups, and fills in `result.operators`: a profile for
// each, and an account of every contrast that has a decision. Takes half as long as the bench may take at most, but for
// the shortest possible profile, which is finished.
void profile_operators(BenchResult& result, const BenchTarget& target, const BenchSettings& bench,
                       const OperatorSettings& settings, Clock& clock, const Hooks& hooks);

} // namespace tsir
