// Attributes the time of calls, and the differences between variants, to operators, from the profiled rounds.
#pragma once

#include "lib/bench/operators/operator_rounds.h"
#include "lib/bench/outcome/operators.h"

namespace tsir {

// `measured_ns`: the time of a call in the timed rounds. Empty if the arm has no profile.
std::optional<Profile> profile_of(const OperatorRounds& rounds, size_t arm, double measured_ns);

// The times of an arm and its reference in the timed rounds.
struct MeasuredPair {
  double variant_ns = 0;
  double reference_ns = 0;
  double delta_ns = 0; // the difference according to the verdict: not exactly that of the two times
};
std::optional<Attribution> attribute(const OperatorRounds& rounds, size_t arm, size_t reference,
                                     const MeasuredPair& measured, const FusionGroups& groups);

} // namespace tsir
