// What a bench found out about operators (`--ops`), as its report and files show it.
#pragma once

#include "lib/bench/operators/attribution.h"
#include "lib/bench/operators/operator_track.h"

namespace tsir {

struct VariantOperators {
  size_t variant = 0;
  Profile profile;
  OperatorTrack track; // empty where none was asked for
};

struct ContrastOperators {
  size_t variant = 0;
  size_t reference = 0;
  Attribution attribution;
};

struct OperatorReport {
  std::vector<VariantOperators> variants;
  std::vector<ContrastOperators> contrasts;
  std::vector<std::string> failures; // a line each
  size_t rounds = 0;                 // of the group that had fewest
  size_t blocks = 0;                 // in all, of that group
  double span_cost_ns = 0;
  double seconds = 0;
  size_t rows = 10;           // that a table shows
  bool launches_only = false; // a device was at work, and the times are of launching
  bool interrupted = false;
};

} // namespace tsir
