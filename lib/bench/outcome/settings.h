// Settings of how a bench measures and decides. Plain values, which reports show.
#pragma once

#include "lib/bench/estimate/verdict.h"
#include "lib/bench/timing/plan.h"

namespace tsir {

// How variants are checked before they are timed.
struct CheckSettings {
  bool compare = true; // their outputs with the baseline's
  bool allow_interpreted_nnc = false;
  bool stop_at_failed_pass = true; // variants are prefixes of one pipeline, so later ones would fail as well
};

struct BenchSettings {
  ProtocolSettings protocol;
  CheckSettings check;
  DecisionRule rule;
  bool control = true;     // times a second instance of the baseline: noise floor, the baseline timed against itself
  bool force = false;      // times identical variants as well
  bool each = false;       // each variant is one pass alone, not a prefix: all contrasts are with the baseline
  size_t least_rounds = 0; // minimum number of rounds, for what is compared with another run later
  size_t most_arms = 12;   // measured together, and so in memory at the same time; more are measured in groups
};

struct OperatorSettings {
  size_t rows = 10;    // rows of a table
  bool tracks = false; // records one call of each variant for drawing
};

} // namespace tsir
